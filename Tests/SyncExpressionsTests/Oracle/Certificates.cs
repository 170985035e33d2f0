using System;
using System.Collections.Generic;
using System.IO;
using System.Security.Cryptography.X509Certificates;

/// A certificate of the folder, which the table names instead of holding it.
class CertificateFile {
    public readonly string Name;
    public readonly X509Certificate2 Certificate;

    public CertificateFile(string folder, string name) {
        Name = name;
        Certificate = new X509Certificate2(File.ReadAllBytes(Path.Combine(folder, name + ".der")));
    }
}

static class Certificates {
    public static void Write(string folder, string path) {
        foreach (var name in new[] { "authority", "device", "nameless", "old", "person", "quoted", "strange", "wide" }) {
            var file = new CertificateFile(folder, name);
            var certificate = file.Certificate;
            // Several values in a component, quotes in quotes and letters of two bytes are not read by mono as by Windows.
            if (name != "quoted" && name != "wide") Names(file);
            Table.Row("IsCert", Table.Given(file), () => true);
            Row(file, "CertIssuer", () => certificate.Issuer);
            Row(file, "CertIssuerDN", () => certificate.IssuerName.Name);
            Row(file, "CertIssuerOid", () => certificate.IssuerName.Oid.Value);
            Row(file, "CertSubjectNameOid", () => certificate.SubjectName.Oid.Value);
            Row(file, "CertFormat", () => certificate.GetFormat());
            Row(file, "CertFriendlyName", () => certificate.FriendlyName);
            Row(file, "CertHashString", () => certificate.GetCertHashString());
            Row(file, "CertThumbprint", () => certificate.Thumbprint);
            Row(file, "CertKeyAlgorithm", () => certificate.GetKeyAlgorithm());
            Row(file, "CertKeyAlgorithmParams", () => certificate.GetKeyAlgorithmParametersString());
            Row(file, "CertNotBefore", () => certificate.NotBefore.ToUniversalTime());
            Row(file, "CertNotAfter", () => certificate.NotAfter.ToUniversalTime());
            Row(file, "CertPublicKeyOid", () => certificate.PublicKey.Oid.Value);
            Row(file, "CertPublicKeyParametersOid", () => certificate.PublicKey.EncodedParameters.Oid.Value);
            Row(file, "CertSerialNumber", () => certificate.SerialNumber);
            Row(file, "CertVersion", () => certificate.Version.ToString());
            Row(file, "CertExtensionOids", () => Critical(certificate));
            // Mono has no name for Ed25519 and refuses to give its number.
            if (name != "strange") Row(file, "CertSignatureAlgorithmOid", () => certificate.SignatureAlgorithm.Value);
        }
        Table.Save(path);
    }

    static void Names(CertificateFile file) {
        Row(file, "CertSubject", () => file.Certificate.Subject);
        Row(file, "CertSubjectNameDN", () => file.Certificate.SubjectName.Name);
        foreach (X509NameType kind in Enum.GetValues(typeof(X509NameType)))
            foreach (var ofIssuer in new[] { false, true }) {
                var type = kind;
                var other = ofIssuer;
                Table.Row("CertNameInfo", Table.Given(file, type.ToString(), other),
                    () => file.Certificate.GetNameInfo(type, other));
            }
    }

    static void Row(CertificateFile file, string function, Func<object> evaluate) {
        Table.Row(function, Table.Given(file), evaluate);
    }

    static object Critical(X509Certificate2 certificate) {
        var oids = new List<string>();
        foreach (var extension in certificate.Extensions) if (extension.Critical) oids.Add(extension.Oid.Value);
        return oids.Count == 0 ? null : oids.ToArray();
    }
}
