using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Text;

/// One row per case: function, arguments, "=>", what .NET gives. Values carry a letter for their type.
static class Table {
    static readonly List<string> rows = new List<string>();

    public static object[] Given(params object[] arguments) { return arguments; }

    public static void Row(string function, object[] arguments, Func<object> evaluate) {
        string result;
        try { result = Text(evaluate()); }
        catch (FormatException) { result = "error"; }
        catch (ArgumentException) { result = "error"; }
        catch (OverflowException) { result = "error"; }
        var cells = new List<string> { function };
        foreach (var argument in arguments) cells.Add(Text(argument));
        cells.Add("=>");
        cells.Add(result);
        rows.Add(string.Join("\t", cells));
    }

    public static void Save(string path) {
        File.WriteAllText(path, string.Join("\n", rows) + "\n", new UTF8Encoding(false));
        rows.Clear();
    }

    static string Text(object value) {
        if (value == null) return "null";
        if (value is string) return "s:" + Escaped((string)value);
        if (value is bool) return "b:" + value;
        if (value is byte[]) return "x:" + Hex((byte[])value);
        if (value is DateTime) return "d:" + ((DateTime)value).Ticks.ToString(CultureInfo.InvariantCulture);
        if (value is string[]) {
            var parts = new List<string>();
            foreach (var part in (string[])value) parts.Add(Escaped(part).Replace("|", "\\u007C"));
            return "l:" + string.Join("|", parts);
        }
        if (value is CertificateFile) return "c:" + ((CertificateFile)value).Name;
        return "n:" + Convert.ToInt64(value).ToString(CultureInfo.InvariantCulture);
    }

    public static string Hex(byte[] bytes) { return BitConverter.ToString(bytes).Replace("-", ""); }

    static string Escaped(string text) {
        var result = new StringBuilder();
        foreach (var unit in text) {
            if (unit == '\\' || unit < 0x20 || unit > 0x7E) result.Append("\\u" + ((int)unit).ToString("X4"));
            else result.Append(unit);
        }
        return result.ToString();
    }
}
