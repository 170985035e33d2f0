using System.IO;

static class Program {
    static void Main(string[] arguments) {
        var folder = arguments[0];
        Certificates.Write(arguments[1], Path.Combine(folder, "certificates.tsv"));
        Dates.Write(Path.Combine(folder, "dates.tsv"));
        Texts.Write(Path.Combine(folder, "texts.tsv"));
        Conversions.Write(Path.Combine(folder, "conversions.tsv"));
    }
}
