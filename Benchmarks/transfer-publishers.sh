#!/usr/bin/env bash
# Prepares one tree and what each tool's publisher makes of it. Called by transfer.sh.
#
# usage: transfer-publishers.sh PROGRAMS SIDE MEGABYTES FILES LEVEL all|ours
#
# SIDE/tree is the source, a whole release with its release.json; SIDE/web what is served, SIDE/keys what a client trusts.
set -euo pipefail
programs=$1 side=$2 megabytes=$3 files=$4 level=$5 formats=$6
package=$(cd "$(dirname "$0")/.." && pwd)
installed=1.1.750.0 offered=1.1.751.0
tree=$side/tree web=$side/web keys=$side/keys
mkdir -p "$tree" "$web" "$keys" "$side/built"

# The release: the contract service, with so many files more.
"$package/Tests/ContractService/make-releases.sh" "$side/releases" $installed $offered
cp -R "$side/releases/$offered/." "$tree"
"$package/Benchmarks/release-tree.py" "$tree" "$megabytes" "$files"
find "$tree" -type d -exec chmod 755 {} +
"$programs/aadc-publish" build-release "$tree" --recipe "$side/releases/$offered.recipe.json" --output "$side/built" \
    --compression-level "$level"
"$programs/aadc-publish" build-release "$side/releases/$installed" \
    --recipe "$side/releases/$installed.recipe.json" --output "$side/built"
cp "$side/built/adsync-$offered.release.json" "$tree/release.json"
cp "$side/built/adsync-$installed.release.json" "$side/releases/$installed/release.json"

if [ "$formats" = all ]; then
    # tar.zst, signed with minisign.
    minisign -G -W -p "$keys/minisign.pub" -s "$keys/minisign.key" >/dev/null
    tar --sort=name --owner=0 --group=0 --numeric-owner --mtime=@1700000000 -C "$tree" -cf - . |
        zstd -q -T0 "-$level" -o "$web/tree.tar.zst"
    minisign -Sm "$web/tree.tar.zst" -s "$keys/minisign.key" >/dev/null

    # ostree, signed with GnuPG: an archive repository, and a delta from nothing in it.
    export GNUPGHOME=$keys/gnupg
    mkdir -m 700 "$GNUPGHOME"
    gpg --batch --quiet --passphrase '' --quick-gen-key publisher@example.invalid ed25519 sign never
    gpg --batch --export >"$keys/publisher.gpg"
    key=$(gpg --list-keys --with-colons | awk -F: '/^fpr/ { print $10; exit }')
    ostree --repo="$web/ostree" init --mode=archive
    ostree --repo="$web/ostree" commit --branch=release --tree=dir="$tree" --owner-uid=0 --owner-gid=0 \
        --gpg-sign="$key" --gpg-homedir="$GNUPGHOME" --subject=release >/dev/null
    ostree --repo="$web/ostree" static-delta generate --empty --to=release >/dev/null
    ostree --repo="$web/ostree" summary --update
    gpgconf --kill all

    # swupdate: the same tar.zst in a CMS-signed update, unpacked while it comes.
    openssl req -x509 -newkey rsa:3072 -nodes -keyout "$keys/cms.key" -out "$keys/cms.pem" -days 3650 -subj /CN=publisher \
        -addext extendedKeyUsage=emailProtection -addext keyUsage=digitalSignature 2>/dev/null
    swu=$side/swu
    mkdir "$swu"
    ln "$web/tree.tar.zst" "$swu"
    # The folder that it unpacks into stands in the signed description.
    client=$(dirname "$side")/client
    cat >"$swu/sw-description" <<DESCRIPTION
software = {
    version = "$offered";
    hardware-compatibility: [ "1.0" ];
    files: ({
        filename = "tree.tar.zst"; type = "archive"; path = "$client/row/release"; installed-directly = true;
        preserve-attributes = true; sha256 = "$(sha256sum "$web/tree.tar.zst" | cut -d' ' -f1)";
    });
}
DESCRIPTION
    (
        cd "$swu"
        openssl cms -sign -in sw-description -out sw-description.sig -signer "$keys/cms.pem" -inkey "$keys/cms.key" \
            -outform DER -nosmimecap -binary
        printf '%s\n' sw-description sw-description.sig tree.tar.zst | cpio -o -H crc -L >"$web/tree.swu" 2>/dev/null
    )
    rm -r "$swu"

    # casync: an index, signed with minisign, and a store of chunks.
    casync make --with=unix --store="$web/store.castr" "$web/tree.caidx" "$tree" >/dev/null
    minisign -Sm "$web/tree.caidx" -s "$keys/minisign.key" >/dev/null
fi
touch "$side/done"
