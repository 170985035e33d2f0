using System;
using System.Globalization;

static class Dates {
    static readonly CultureInfo invariant = CultureInfo.InvariantCulture;

    public static void Write(string path) {
        foreach (var text in readable) {
            var given = text;
            Table.Row("CDate", Table.Given(given), () => DateTime.Parse(
                given, invariant, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal));
            DateTime ignored;
            Table.Row("IsDate", Table.Given(given), () => DateTime.TryParse(
                given, invariant, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out ignored));
        }
        foreach (var date in moments) {
            var moment = date;
            foreach (var format in formats) {
                var pattern = format;
                Table.Row("FormatDateTime", Table.Given(moment, pattern), () => moment.ToString(pattern, invariant));
            }
            Table.Row("NumFromDate", Table.Given(moment), () => moment.ToFileTimeUtc());
            foreach (var unit in new[] { "yyyy", "q", "m", "y", "d", "w", "ww", "h", "n", "s" })
                foreach (var count in new[] { 1, -1, 3, 11, -13, 100, 400000 }) {
                    string name = unit;
                    int number = count;
                    Table.Row("DateAdd", Table.Given(name, number, moment), () => Add(name, number, moment));
                }
        }
        foreach (var number in new long[] {
            129699324000000000, 0, 1, -1, 130541840980000000, 2650467743999999999, 2650467744000000000, long.MaxValue,
        }) {
            var ticks = number;
            Table.Row("DateFromNum", Table.Given(ticks), () => DateTime.FromFileTimeUtc(ticks));
        }
        Table.Save(path);
    }

    static DateTime Add(string unit, int count, DateTime date) {
        switch (unit) {
            case "yyyy": return date.AddYears(count);
            case "q": return date.AddMonths(3 * count);
            case "m": return date.AddMonths(count);
            case "ww": return date.AddDays(7.0 * count);
            case "h": return date.AddHours(count);
            case "n": return date.AddMinutes(count);
            case "s": return date.AddSeconds(count);
            default: return date.AddDays(count);
        }
    }

    static DateTime At(int year, int month, int day, int hour, int minute, int second, int ticks) {
        return new DateTime(year, month, day, hour, minute, second, DateTimeKind.Utc).AddTicks(ticks);
    }

    static readonly DateTime[] moments = {
        At(2014, 9, 5, 8, 14, 53, 0), At(2012, 2, 29, 23, 59, 59, 9999999), At(2000, 1, 31, 0, 0, 0, 1200000),
        At(1999, 12, 31, 12, 0, 0, 5), At(1601, 1, 1, 0, 0, 0, 0), At(1, 1, 1, 0, 0, 0, 0),
        At(9999, 12, 31, 23, 59, 59, 9999999), At(2015, 6, 7, 13, 5, 9, 1234567),
    };

    static readonly string[] formats = {
        "yyyy-MM-dd", "yyyyMMddHHmmss.0Z", "d", "D", "f", "F", "g", "G", "m", "M", "o", "O", "r", "R", "s", "t", "T", "u",
        "U", "y", "Y", "", "x", "%d", "%M", "%y", "%h", "%H", "%m", "%s", "%f", "%F", "%t", "%z", "%K", "%g", "%:", "%/",
        "d M y", "dd MM yy", "ddd MMM yyy", "dddd MMMM yyyy", "ddddd MMMMM yyyyy", "yyyyyy", "h H", "hh HH", "hhh HHH",
        "m:s", "mm:ss", "mmm:sss", "f ff fff ffff fffff ffffff fffffff", "F|FF|FFF|FFFF|FFFFF|FFFFFF|FFFFFFF", "ffffffff",
        "s.F", "s.FFF", "ss.FFFFFFF", "h t", "hh tt", "hh ttt", "z zz zzz", "zzzz", "yyyy-MM-ddTHH:mm:ssK", "g yyyy", "gg",
        "HH':'mm", "'it''s' yyyy", "\"at\" HH", "\\d\\M", "yyyy\\", "'open", "yyyy 'x\\'y' MM", "%%d", "%", "d%", "%dd", "ab c",
        "MM/dd/yyyy", "dd. MMMM", "MMMM dd", "MMM d, yyyy", "\u00e9yyyy\u4e2d",
    };

    static readonly string[] readable = {
        "2013-01-10 4:00 PM -8", "2012-01-01 23:00:00", "12/25/2007", "2001-01-01", "2013-01-10T16:00:00-08:00",
        "2013-01-10T16:00:00Z", "2013-01-10T16:00:00.1234567Z", "2013-01-10T16:00:00.5+05:30", "2013-01-10 16:00",
        "2013-01-10T16:00", "2013-01-10 16:00:00.123", "2013-01-10 16:00 +0200", "2013-01-10 16:00 +2", "2013-01-10 16:00 +02",
        "2013-01-10 16:00 GMT", "2013-01-10 16:00 UTC", "2013-01-10 16:00Z", "2013-01-10Z", "2013-01-10 -8", "2013/01/10",
        "2013.01.10", "2013 01 10", "1/2/2013", "01-02-2013", "1.2.2013", "1/2/13", "1/2/29", "1/2/30", "1/2/99", "13/01/2013",
        "2013-13-01", "2013-02-30", "2012-02-29", "2013-02-29", "2013-1-5", "10 January 2013", "10 Jan 2013", "10-Jan-2013",
        "10-Jan-13", "January 10, 2013", "January 10 2013", "Jan 10, 2013", "Jan 10, 2013 4:05:06 PM", "jan 10, 2013", "JANUARY 10, 2013",
        "2013 January 10", "2013-Jan-10", "January 2013", "2013 January", "2013-01", "01/2013", "Thu, 10 Jan 2013 16:00:00 GMT",
        "Thursday, 10 January 2013", "Friday, 10 January 2013", "Thursday, 10 January 2013 16:00", "Thu 10 Jan 2013", "Sun, 06 Nov 1994 08:49:37 GMT",
        "1/2/2013 12:00 AM", "1/2/2013 12:00 PM", "1/2/2013 12:30 am", "1/2/2013 1 PM", "1/2/2013 1PM", "1/2/2013 4:00PM", "1/2/2013 13:00 PM",
        "1/2/2013 0:00 AM", "1/2/2013 24:00", "1/2/2013 23:60", "1/2/2013 23:59:60", "1/2/2013 4:00 P", "1/2/2013 4:00 A.M.",
        "", " ", "abc", "2013", "20130110", "20130110160000.0Z", "20130110T160000Z", "2013-01-10T", "2013-01-10T16", 
        " 2013-01-10 ", "2013-01-10  16:00", "2013-01-10,16:00", "2013-01-10 16:00:00,5", "2013-01-10 16:00:00.12345678", "0001-01-01",
        "9999-12-31T23:59:59.9999999", "9999-12-31T23:59:59-01:00", "0000-01-01", "10000-01-01", "2013-01-10 16:00 +14:00", "2013-01-10 16:00 +15:00",
        "2013-01-10 16:00 -14", "2013-01-10 16:00 +1:30", "2013-01-10 16:00 +130", "1/2/2013 4:00:05.25 PM +1",
        "2013-01-10T16:00:00 Z", "2013-01-10T16:00:00z", "2013-01-10t16:00:00", "10 Januar 2013", "Sept 10, 2013", "Sep 10, 2013",
        "12:30 2013-01-10", "4:00 PM 1/2/2013", "2013-001-10", "1/2/0013", "1/2/013", "113-01-10", "2013--01-10", "2013-01/10", "-2013-01-10",
        "2013-01-10\t16:00", "2013-01-10\n16:00", "10th January 2013", "1/2/2013 4", "1 2 2013", "Monday",
        "2013-01-10 16:00 EST", "2013-01-10 16:00 GMT+1", "2013-01-10 16:00:00 PM", "May 5 2013", "5 may 2013", "2013-01-10 4:00 pm-08:00",
    };
}
