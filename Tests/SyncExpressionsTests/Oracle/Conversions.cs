using System;
using System.Globalization;
using System.Security.Principal;
using System.Text;

static class Conversions {
    public static void Write(string path) {
        foreach (var sample in new[] {
            "0", "12", "-12", "+7", " 42 ", "9223372036854775807", "9223372036854775808", "-9223372036854775808", "", " ", "1.5", "1,000", "0x10", "&HFF",
            "1e3", "--1", "abc", "\u0661", "007", "1 2", "\t5\n", "5-",
        }) {
            var text = sample;
            long ignored;
            Table.Row("CNum", Table.Given(text), () => long.Parse(text, NumberStyles.Integer, CultureInfo.InvariantCulture));
            Table.Row("IsNumeric", Table.Given(text),
                () => long.TryParse(text, NumberStyles.Integer, CultureInfo.InvariantCulture, out ignored));
        }
        foreach (var sample in new[] { "True", "false", "TRUE", " true ", "yes", "" }) {
            var text = sample;
            Table.Row("CBool", Table.Given(text), () => bool.Parse(text));
        }
        Table.Row("CStr", Table.Given(true), () => true.ToString());
        Table.Row("CStr", Table.Given(false), () => false.ToString());
        foreach (var sample in new[] { 0, -1, long.MinValue, long.MaxValue }) {
            var number = sample;
            Table.Row("CStr", Table.Given(number), () => number.ToString(CultureInfo.InvariantCulture));
            Table.Row("CBool", Table.Given(number), () => Convert.ToBoolean(number));
        }
        Guids();
        Sids();
        Encodings();
        foreach (var pair in new[] {
            new long[] { 15, 247 }, new long[] { -2147483646, -2147483648 }, new long[] { 2, -2147483648 }, new long[] { 514, 2 },
            new long[] { 35184372088832, 566001664 }, new long[] { -1, long.MinValue }, new long[] { 0, 0 },
        }) {
            long left = pair[0], right = pair[1];
            Table.Row("BitAnd", Table.Given(left, right), () => left & right);
            Table.Row("BitOr", Table.Given(left, right), () => left | right);
        }
        foreach (var width in new[] { 1, 2, 4, 8 }) {
            var count = width;
            var bytes = new byte[width];
            Array.Copy(BitConverter.GetBytes(32L), bytes, width);
            Table.Row("CBin", Table.Given(32, count), () => bytes);
            Table.Row("CNum", Table.Given(bytes), () => 32);
        }
        Table.Save(path);
    }

    static void Guids() {
        foreach (var sample in new[] {
            "00112233-4455-6677-8899-aabbccddeeff", "{00112233-4455-6677-8899-AABBCCDDEEFF}", "b891884f-051e-4a83-95af-2544101c9083",
            "00112233-4455-6677-8899-aabbccddeef", "00112233-4455-6677-8899-aabbccddeefg", "{00112233-4455-6677-8899-aabbccddeeff", "",
        }) {
            var text = sample;
            Guid ignored;
            Table.Row("CGuid", Table.Given(text), () => new Guid(text).ToByteArray());
            Table.Row("IsGuid", Table.Given(text), () => Guid.TryParse(text, out ignored));
        }
        var bytes = new byte[16];
        for (var index = 0; index < 16; index += 1) bytes[index] = (byte)(index * 17 + 3);
        Table.Row("StringFromGuid", Table.Given(bytes), () => new Guid(bytes).ToString());
        Table.Row("StringFromGuid", Table.Given(new byte[15]), () => new Guid(new byte[15]).ToString());
    }

    static void Sids() {
        foreach (var sample in new[] {
            "S-1-5-21-397955417-626881126-188441444-512", "S-1-5-32-544", "S-1-1-0", "S-1-5-21-4294967295-1-2-3-500", "S-1-15-3-1",
        }) {
            var sid = new SecurityIdentifier(sample);
            var bytes = new byte[sid.BinaryLength];
            sid.GetBinaryForm(bytes, 0);
            Table.Row("StringFromSid", Table.Given(bytes), () => new SecurityIdentifier(bytes, 0).Value);
        }
        var cut = new byte[] { 1, 2, 0, 0, 0, 0, 0, 5, 1, 0, 0, 0 };
        Table.Row("StringFromSid", Table.Given(cut), () => new SecurityIdentifier(cut, 0).Value);
    }

    static void Encodings() {
        foreach (var sample in new[] {
            "SABlAGwAbABvACAAdwBvAHIAbABkACEA", "SGVsbG8gd29ybGQh", "", "PdgA3g==", "SABl\r\nAGwA", "SABlA", "SABlAG!A", "SAA=", "SA==", "S A A =",
            "w6kg4oKs", "/8OE", "SA==SA==",
        }) {
            var text = sample;
            Table.Row("ConvertFromBase64", Table.Given(text), () => Encoding.Unicode.GetString(Convert.FromBase64String(text)));
            Table.Row("ConvertFromBase64", Table.Given(text, "UTF8"), () => Encoding.UTF8.GetString(Convert.FromBase64String(text)));
            Table.Row("ConvertFromBase64", Table.Given(text, "ASCII"), () => Encoding.ASCII.GetString(Convert.FromBase64String(text)));
        }
        foreach (var length in new[] { 0, 1, 2, 3, 16, 20 }) {
            var bytes = new byte[length];
            for (var index = 0; index < length; index += 1) bytes[index] = (byte)(index * 37 + 200);
            Table.Row("ConvertToBase64", Table.Given(bytes), () => Convert.ToBase64String(bytes));
        }
    }
}
