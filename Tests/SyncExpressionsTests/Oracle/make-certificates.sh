#!/bin/sh
# Makes the certificates of the tests. Keys are new each time, so the tables have to be written again after it
# (scripts/dotnet-oracle.sh). Needs openssl 3.
set -eu
export MASK=default
folder=$(cd "$(dirname "$0")/../Certificates" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
: > index.txt
cat > ca.cnf <<'END'
oid_section = oids
[oids]
badge = 1.3.6.1.4.1.55555.7.1
[ca]
default_ca = any
[any]
database = index.txt
new_certs_dir = .
serial = serial
default_md = default
policy = anything
unique_subject = no
[anything]
commonName = optional
[req]
distinguished_name = none
string_mask = $ENV::MASK
utf8 = yes
[none]
[device]
keyUsage = critical, digitalSignature
extendedKeyUsage = critical, clientAuth
basicConstraints = critical, CA:false
1.2.840.113556.1.5.284.2 = DER:0410A1B2C3D4E5F60718293A4B5C6D7E8F90
[person]
subjectAltName = email:jane.doe@a.test, email:second@a.test, otherName:1.3.6.1.4.1.311.20.2.3;UTF8:jane@corp.a.test, URI:https://a.test/jane, DNS:jane.a.test, DNS:other.a.test
issuerAltName = email:authority@a.test, DNS:ca.a.test, URI:https://ca.a.test/
keyUsage = digitalSignature
[nameless]
subjectAltName = critical, DNS:only.a.test, email:only@a.test
[none-at-all]
END
# name, kind of key, serial, start, end, extensions, subject, digest
make() {
    name=$1 key=$2 serial=$3 start=$4 end=$5 extensions=$6 subject=$7 digest=$8
    shift 8
    case $key in
    rsa*) openssl genpkey -quiet -algorithm RSA -pkeyopt rsa_keygen_bits:"${key#rsa}" -out "$name.key" ;;
    p256) openssl genpkey -quiet -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out "$name.key" ;;
    ed25519) openssl genpkey -quiet -algorithm ED25519 -out "$name.key" ;;
    dsa)
        openssl genpkey -quiet -genparam -algorithm DSA -pkeyopt dsa_paramgen_bits:1024 -out dsa.params
        openssl genpkey -quiet -paramfile dsa.params -out "$name.key"
        ;;
    esac
    openssl req -new -utf8 -config ca.cnf -key "$name.key" -subj "$subject" -multivalue-rdn -out "$name.csr"
    echo "$serial" > serial
    if [ $# -eq 0 ]; then signer="-selfsign -keyfile $name.key"; else signer="-cert $1.pem -keyfile $1.key"; fi
    # shellcheck disable=SC2086
    openssl ca -batch -notext -preserveDN -config ca.cnf -in "$name.csr" -out "$name.pem" -startdate "$start" -enddate "$end" \
        $([ "$digest" = null ] || echo -md "$digest") -extensions "$extensions" $signer 2> "$name.log" || { cat "$name.log"; exit 1; }
    openssl x509 -in "$name.pem" -outform DER -out "$folder/$name.der"
}
make authority rsa2048 01 20200101000000Z 20491231235959Z none-at-all '/DC=test/DC=a/O=A Test/OU=Issuing/CN=A Test Root' sha256
make device rsa2048 7A01 20240301120000Z 20340301120000Z device '/CN=7c6a5b4e-0d1c-4b2a-9f8e-1a2b3c4d5e6f' sha256
make person p256 C0FFEE0123456789ABCDEF0102030405 20230115083000Z 20551231235959Z person \
    '/C=SE/ST=Västra/L=Göteborg/O=Doe, Sons \+ Co/OU= padded /CN=Jane Doe/emailAddress=jd@in-subject.test' sha384 authority
make old rsa1024 05 20000101000000Z 20200229235959Z none-at-all '/O=Old Works/OU=First/OU=Second/title=Boss/GN=Ada/SN=Lovelace/initials=AL/street=Main 1/serialNumber=42' sha1
make strange ed25519 0080 20240101000000Z 20500101000000Z none-at-all '/badge=X7/emailAddress=strange@a.test/O=Semi;colon#x' null
make nameless dsa 10 20240101000000Z 20400101000000Z nameless '/' sha256 authority
MASK=utf8only
make quoted p256 7F 20240101000000Z 20500101000000Z none-at-all '/C=SE/O=R&D "Lab"/OU=blå,gul/CN=Åke+UID=ake' sha256 authority
# Two bytes for each character.
MASK=MASK:0x800
make wide p256 22 20240101000000Z 20500101000000Z none-at-all '/O=Łódź/CN=Ω 1' sha256 authority
