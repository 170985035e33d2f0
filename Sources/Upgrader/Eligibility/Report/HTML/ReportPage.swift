/// What every page of this program has: the head, the style, the ban on everything from outside, and the parts that
/// sections are made of.
enum ReportPage {
    /// Nothing is fetched and nothing runs; the style sheet stands in the page.
    static let policy = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"

    static func page(title: String, header: [Markup], main: [Markup], footer: [String]) -> String {
        Markup(
            "html",
            [.init("lang", "en")],
            [
                Markup(
                    "head", [],
                    [
                        Markup("meta", [.init("charset", "utf-8")], []),
                        Markup("meta", [.init("http-equiv", "Content-Security-Policy"), .init("content", policy)], []),
                        Markup("meta", [.init("name", "referrer"), .init("content", "no-referrer")], []),
                        Markup(
                            "meta",
                            [.init("name", "viewport"), .init("content", "width=device-width, initial-scale=1")], []),
                        Markup("title", [], title),
                        Markup("style", [], ReportStyle.sheet),
                    ]),
                Markup(
                    "body", [],
                    [
                        Markup("header", [], header), Markup("main", [], main),
                        Markup("footer", [], footer.map { Markup("p", [], $0) }),
                    ]),
            ]
        ).document
    }

    /// Links to the sections of a long page.
    static func contents(_ sections: [ReportSection]) -> Markup {
        let links = sections.map {
            Markup("li", [], [Markup("a", [.init("href", "#\($0.name)")], $0.title)])
        }
        return Markup("nav", [.init("aria-label", "Contents")], [Markup("ul", [], links)])
    }
}

/// One part of a report, under a heading.
struct ReportSection: Equatable, Sendable {
    /// The only one of its page.
    var name: String
    var title: String
    var content: [Markup]
}

/// Where in a page a report stands: alone, or as one of many.
struct ReportPlace: Equatable, Sendable {
    /// Before every identifier.
    var prefix: String
    /// The level of the report's own heading.
    var level: Int

    static let alone = ReportPlace(prefix: "", level: 1)

    func section(_ section: ReportSection) -> Markup {
        Markup(
            "section",
            [.init("aria-labelledby", section.name)],
            [heading(1, section.title, name: section.name)] + section.content)
    }

    /// A heading so many levels below the report's own.
    func heading(_ depth: Int, _ content: [Markup], name: String? = nil) -> Markup {
        let attributes = name.map { [Markup.Attribute.id($0)] } ?? []
        switch level + depth {
        case ...1: return Markup("h1", attributes, content)
        case 2: return Markup("h2", attributes, content)
        case 3: return Markup("h3", attributes, content)
        case 4: return Markup("h4", attributes, content)
        default: return Markup("h5", attributes, content)
        }
    }

    func heading(_ depth: Int, _ text: String, name: String? = nil) -> Markup {
        heading(depth, [.text(text)], name: name)
    }
}

/// A table whose first row names the columns, on every printed page.
enum ReportTable {
    /// - Parameter rows: the first cell names its row.
    static func table(_ style: String, caption: String, columns: [String], rows: [[[Markup]]]) -> Markup {
        Markup(
            "table", [.styled(style)],
            [
                Markup("caption", [], caption),
                Markup(
                    "thead", [],
                    [Markup("tr", [], columns.map { Markup("th", [.init("scope", "col")], $0) })]),
                Markup(
                    "tbody", [],
                    rows.map { cells in
                        Markup(
                            "tr", [],
                            cells.enumerated().map { index, cell in
                                index == 0 ? Markup("th", [.init("scope", "row")], cell) : Markup("td", [], cell)
                            })
                    }),
            ])
    }

    /// Names and values.
    static func list(_ rows: [(String, [Markup])]) -> Markup {
        Markup("dl", [], rows.flatMap { [Markup("dt", [], $0.0), Markup("dd", [], $0.1)] })
    }

    static func sentences(_ sentences: [String]) -> Markup {
        Markup("ul", [], sentences.map { Markup("li", [], $0) })
    }
}
