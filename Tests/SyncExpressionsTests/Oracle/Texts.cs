using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text;

static class Texts {
    static readonly string[] samples = {
        "", " ", "John Doe", " Test ", "\t\u00a0x y\u3000\n", "\u200bx\u200b", "R\u00e4ksm\u00f6rg\u00e5s", "\u00df\u00c5\u00c9\u0130\u0131\u017f",
        "\u03a3\u03c2\u03c3", "\ud83d\ude00smile\ud83d\ude00", "e\u0301\u00e9", "a,b,,c", "SMTP:jd@a.test", "repEated", "abbcdbbbef", "\r\n", "\u0085\u2028\u180e",
        "x\ud801\udc37y", "\u01c6\u01c5\u01c4 \u1f80 \ufb01 \u0149 \u2126 \u212a \u00b5", "The quick brown fox",
    };

    public static void Write(string path) {
        foreach (var sample in samples) {
            var text = sample;
            Table.Row("Trim", Table.Given(text), () => text.Trim());
            Table.Row("LTrim", Table.Given(text), () => text.TrimStart());
            Table.Row("RTrim", Table.Given(text), () => text.TrimEnd());
            Table.Row("LCase", Table.Given(text), () => text.ToLowerInvariant());
            Table.Row("UCase", Table.Given(text), () => text.ToUpperInvariant());
            Table.Row("Len", Table.Given(text), () => text.Length);
            Table.Row("ConvertToBase64", Table.Given(text), () => Convert.ToBase64String(Encoding.Unicode.GetBytes(text)));
            Table.Row("ConvertToUTF8Hex", Table.Given(text), () => Table.Hex(Encoding.UTF8.GetBytes(text)));
            Table.Row("ConvertFromUTF8Hex", Table.Given(Table.Hex(Encoding.UTF8.GetBytes(text))), () => text);
            foreach (var length in new[] { 0, 1, 3, 10, 12 }) {
                var width = length;
                Table.Row("PadLeft", Table.Given(text, width, "0"), () => text.PadLeft(width, '0'));
                Table.Row("PadRight", Table.Given(text, width, "."), () => text.PadRight(width, '.'));
                Parts(text, width);
            }
            foreach (var sought in new[] { "e", "bb", "EA", "\u00e9", "smile", "quick" }) {
                var wanted = sought;
                if (text == "") continue;
                Table.Row("InStr", Table.Given(text, wanted), () => text.IndexOf(wanted, StringComparison.Ordinal) + 1);
                Table.Row("InStr", Table.Given(text, wanted, 1, "vbTextCompare"),
                    () => text.IndexOf(wanted, StringComparison.OrdinalIgnoreCase) + 1);
                Table.Row("InStrRev", Table.Given(text, wanted), () => text.LastIndexOf(wanted, StringComparison.Ordinal) + 1);
                Table.Row("InStrRev", Table.Given(text, wanted, -1, "vbTextCompare"),
                    () => text.LastIndexOf(wanted, StringComparison.OrdinalIgnoreCase) + 1);
                for (var start = 1; start <= text.Length; start += 2) {
                    var place = start;
                    Table.Row("InStr", Table.Given(text, wanted, place, "vbBinaryCompare"),
                        () => text.IndexOf(wanted, place - 1, StringComparison.Ordinal) + 1);
                    Table.Row("InStrRev", Table.Given(text, wanted, place, "vbBinaryCompare"),
                        () => text.LastIndexOf(wanted, place - 1, StringComparison.Ordinal) + 1);
                }
                Table.Row("Replace", Table.Given(text, wanted, "-+-"), () => text.Replace(wanted, "-+-"));
            }
            foreach (var delimiter in new[] { ",", " ", "b" }) {
                var mark = delimiter[0];
                Table.Row("Split", Table.Given(text, mark.ToString()), () => text.Split(mark));
                Table.Row("Split", Table.Given(text, mark.ToString(), 2), () => text.Split(new[] { mark }, 2));
                Table.Row("Word", Table.Given(text, 2, mark + "@"), () => Word(text, 2, mark + "@"));
            }
        }
        Replacements();
        Letters();
        Table.Save(path);
    }

    /// Only where no pair of surrogates is cut: there the project decides for itself.
    static void Parts(string text, int width) {
        var count = Math.Min(width, text.Length);
        var left = text.Substring(0, count);
        if (IsWhole(left)) Table.Row("Left", Table.Given(text, width), () => left);
        var right = text.Substring(text.Length - count);
        if (IsWhole(right)) Table.Row("Right", Table.Given(text, width), () => right);
        if (width == 0 || width > text.Length) return;
        var middle = text.Substring(width - 1, Math.Min(4, text.Length - width + 1));
        if (IsWhole(middle)) Table.Row("Mid", Table.Given(text, width, 4), () => middle);
        var rest = text.Substring(width - 1);
        if (IsWhole(rest)) Table.Row("Mid", Table.Given(text, width), () => rest);
    }

    static bool IsWhole(string text) {
        return Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text)) == text;
    }

    static string Word(string text, int number, string delimiters) {
        var words = text.Split(delimiters.ToCharArray());
        return number <= words.Length ? words[number - 1] : "";
    }

    static void Replacements() {
        Table.Row("Replace", Table.Given("One\r\nTwo\tThree", "\\r\\n", ", "), () => "One\r\nTwo\tThree".Replace("\r\n", ", "));
        Table.Row("Replace", Table.Given("a;b", ";", "\\t"), () => "a;b".Replace(";", "\t"));
        Table.Row("Replace", Table.Given("a;b", "", "x"), () => "a;b".Replace("", "x"));
        Table.Row("Replace", Table.Given("aaa", "aa", "b"), () => "aaa".Replace("aa", "b"));
        foreach (var list in new[] { new[] { "a" }, new[] { "a", "b", "" }, new[] { "", "" } }) {
            var parts = list;
            Table.Row("Join", Table.Given((object)parts), () => string.Join(" ", parts));
            Table.Row("Join", Table.Given(parts, ""), () => string.Join("", parts));
            Table.Row("Join", Table.Given(parts, ", "), () => string.Join(", ", parts));
        }
        foreach (var list in new[] { new[] { "a", "A", "a", "b" }, new[] { "e\u0301", "\u00e9", "e\u0301" }, new[] { "x" } }) {
            var parts = list;
            Table.Row("RemoveDuplicates", Table.Given((object)parts), () => parts.Distinct().ToArray());
        }
    }

    /// Cases of all letters below 2C80, by the row of 32.
    static void Letters() {
        for (var code = 0x80; code < 0x2C80; code += 32) {
            var row = new StringBuilder();
            for (var place = 0; place < 32; place += 1) row.Append((char)(code + place));
            var letters = row.ToString();
            if (letters.ToUpperInvariant() == letters && letters.ToLowerInvariant() == letters) continue;
            Table.Row("UCase", Table.Given(letters), () => letters.ToUpperInvariant());
            Table.Row("LCase", Table.Given(letters), () => letters.ToLowerInvariant());
        }
    }
}
