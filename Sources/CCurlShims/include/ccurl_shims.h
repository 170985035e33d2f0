/// Typed forms of libcurl's variadic functions, one per kind of argument, which Swift cannot call itself.
#ifndef CCURL_SHIMS_H
#define CCURL_SHIMS_H

#include <curl/curl.h>

typedef size_t (*ccurl_write_function)(char *_Nonnull bytes, size_t size, size_t count, void *_Nullable context);
typedef int (*ccurl_progress_function)(void *_Nullable context, curl_off_t total, curl_off_t now, curl_off_t upTotal,
                                       curl_off_t upNow);

CURLcode ccurl_set_long(CURL *_Nonnull handle, CURLoption option, long value);
/// Lets libcurl choose the safest method that the proxy offers.
CURLcode ccurl_set_every_proxy_authentication(CURL *_Nonnull handle);
CURLcode ccurl_set_offset(CURL *_Nonnull handle, CURLoption option, curl_off_t value);
CURLcode ccurl_set_string(CURL *_Nonnull handle, CURLoption option, const char *_Nullable value);
CURLcode ccurl_set_pointer(CURL *_Nonnull handle, CURLoption option, void *_Nullable value);
CURLcode ccurl_set_write(CURL *_Nonnull handle, CURLoption option, ccurl_write_function _Nonnull function);
CURLcode ccurl_set_progress(CURL *_Nonnull handle, ccurl_progress_function _Nonnull function);
CURLcode ccurl_get_long(CURL *_Nonnull handle, CURLINFO info, long *_Nonnull value);
CURLcode ccurl_get_offset(CURL *_Nonnull handle, CURLINFO info, curl_off_t *_Nonnull value);

#endif
