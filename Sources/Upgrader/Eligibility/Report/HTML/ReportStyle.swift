/// The style sheet of every page. It contains none of the characters that a page spells out, so that it stands in the
/// page as it stands here.
enum ReportStyle {
    static let sheet =
        colours + """

            * { box-sizing: border-box; }
            html { background: var(--page); color: var(--ink); font: 16px/1.5 system-ui, sans-serif; }
            body { max-width: 62rem; margin: 0 auto; padding: 1rem; overflow-wrap: anywhere; }
            h1, h2, h3, h4, h5 { line-height: 1.25; margin: 1.5em 0 0.5em; break-after: avoid; }
            h1 { font-size: 1.6rem; margin-top: 0; }
            h2 { font-size: 1.3rem; border-bottom: 1px solid var(--line); padding-bottom: 0.2em; }
            h3 { font-size: 1.05rem; }
            h4, h5 { font-size: 1rem; }
            p { margin: 0.4em 0; }
            h2 + p, h3 + p, caption { break-after: avoid; }
            a { color: var(--link); }
            a:focus-visible, summary:focus-visible, .scroll:focus-visible { outline: 3px solid var(--link); }
            code { font: 0.875em/1.45 ui-monospace, DejaVu Sans Mono, Consolas, monospace; }
            h1, h2, h3, h4, h5, p, li, dd, td, th, code { unicode-bidi: isolate; }
            dl { display: grid; grid-template-columns: 9rem minmax(0, 1fr); gap: 0.25rem 1rem; margin: 0.5em 0; }
            dt { color: var(--faint); }
            dd { margin: 0; }
            nav ul, .legend { list-style: none; padding: 0; display: flex; flex-wrap: wrap; gap: 0.3rem 1.2rem; }
            ul { padding-left: 1.3rem; }
            .plain { list-style: none; margin: 0; padding: 0; }
            dt, dd li { break-inside: avoid; }

            .verdict { border: 2px solid var(--tone); border-left-width: 0.9rem; padding: 1rem; margin: 0 0 1rem; }
            .verdict p { margin-bottom: 0; }
            .verdict h1, .verdict h2 { margin: 0; padding: 0; border: 0; }
            .server-report { margin-top: 3rem; border-top: 3px double var(--line); padding-top: 1.5rem; }
            .verdict.upToDate, .verdict.eligible { --tone: var(--good); }
            .verdict.conditional, .verdict.aborted { --tone: var(--warn); }
            .verdict.notSupported, .verdict.unreadable { --tone: var(--bad); }
            .finding, .rule { border: 1px solid var(--line); border-left: 0.4rem solid var(--tone, var(--line));
              padding: 0.7rem 1rem; margin: 0.8rem 0; background: var(--panel); break-inside: avoid; }
            .finding h3, .rule h3, .finding h4, .rule h4 { margin-top: 0; }
            .finding.fail, .risk.applies { --tone: var(--bad); }
            .risk.unknown { --tone: var(--warn); }
            .code { margin: 0; color: var(--faint); }
            .place { color: var(--faint); }
            .rule { break-inside: auto; }

            table { width: 100%; border-collapse: collapse; margin: 0.6rem 0; font-size: 0.9375rem; }
            caption { text-align: left; color: var(--faint); padding: 0.2rem 0; }
            th, td { text-align: left; vertical-align: top; font-weight: normal; padding: 0.35rem 0.5rem;
              border-bottom: 1px solid var(--line); }
            thead { display: table-header-group; }
            thead th { font-weight: 600; border-bottom: 2px solid var(--line); }
            tr { break-inside: avoid; }
            .differences { table-layout: fixed; }
            .differences th:first-child { width: 22%; }
            .differences td code { white-space: pre-wrap; }
            .conditions td p.remedy { color: var(--faint); font-size: 0.875rem; }
            .conditions tbody th code { display: block; color: var(--faint); font-size: 0.75rem; }
            .conditions th:first-child { width: 40%; }
            .releases tbody th, .passed-over tbody th { white-space: nowrap; }
            .releases td, .passed-over td { overflow-wrap: break-word; }
            .releases td:last-child, .passed-over td { overflow-wrap: anywhere; }
            .outcome { white-space: nowrap; }
            .outcome.fail { font-weight: 700; color: var(--bad); }
            .outcome.unknown { font-weight: 600; color: var(--warn); }
            .outcome.pass { color: var(--good); }
            del { background: var(--removed); text-decoration: line-through; }
            ins { background: var(--inserted); text-decoration: underline; }
            .nothing { color: var(--faint); font-style: italic; }
            .summary { min-width: 60rem; }
            thead th, .summary td { overflow-wrap: break-word; }
            .outcome .symbol, .summary td:nth-child(-n+3), .summary td:last-child { white-space: nowrap; }
            .summary th:first-child a { font-weight: 600; }
            .item { display: block; overflow-wrap: anywhere; }

            figure { margin: 0.5rem 0; break-inside: avoid; }
            .scroll { overflow-x: auto; }
            .timeline { display: block; width: 100%; min-width: 46rem; height: auto; }
            .timeline text { font: 11px ui-monospace, DejaVu Sans Mono, Consolas, monospace; fill: var(--ink);
              paint-order: stroke; stroke: var(--page); stroke-width: 3px; stroke-linejoin: round; }
            .timeline .tick, .timeline .role { fill: var(--faint); }
            .timeline .name { font-weight: 600; }
            .axis { stroke: var(--faint); stroke-width: 1; }
            .supported { fill: var(--mark); opacity: 0.45; }
            .pole { stroke: var(--faint); stroke-width: 1; }
            .pole.hardStop { stroke: var(--bad); stroke-width: 2; }
            .pole.today { stroke: var(--ink); stroke-dasharray: 5 3; }
            .pole.retirement { stroke: var(--warn); stroke-width: 2; stroke-dasharray: 2 2; }
            .pole.knownUntil { stroke-dasharray: 1 3; }
            .mark .filled { fill: var(--mark); stroke: var(--page); stroke-width: 1; }
            .mark .hollow { fill: var(--page); stroke: var(--mark); stroke-width: 1.5; }
            .mark .cross { stroke: var(--bad); stroke-width: 2; }
            .mark .security { fill: none; stroke: var(--ink); stroke-width: 1.3; }
            .mark .span { stroke: var(--mark); stroke-width: 3; opacity: 0.6; }
            .mark.installed .filled, .mark.candidate .filled, .mark.attended .filled { fill: var(--strong); }
            .undated { opacity: 0.6; }
            .key { width: 1.25rem; height: 1.25rem; vertical-align: -0.3rem; }
            figcaption, footer { color: var(--faint); font-size: 0.875rem; }
            footer { border-top: 1px solid var(--line); margin-top: 2rem; padding-top: 0.5rem; }

            @media (max-width: 40rem) {
              dl { grid-template-columns: minmax(0, 1fr); gap: 0; }
              dd { margin-bottom: 0.5rem; }
              th, td { padding: 0.3rem 0.25rem; }
              table { font-size: 0.8125rem; }
            }
            @page { size: A4; margin: 15mm; }
            @media print {
              html { font-size: 11px; }
              body { max-width: none; padding: 0; }
              nav, details { display: none; }
              a { color: inherit; text-decoration: none; }
              .timeline { min-width: 0; }
              .scroll { overflow: visible; }
              .summary { min-width: 0; font-size: 9px; }
              .server-report { break-before: page; border-top: 0; margin: 0; padding: 0; }
            }
            """

    /// Light on paper always, and dark where the reader's screen is.
    private static let colours = """
        :root { color-scheme: light dark; --page: #ffffff; --panel: #f8f9fa; --ink: #16191d; --faint: #555d66;
          --line: #c4cad0; --link: #0b57c2; --good: #17692c; --warn: #8a5300; --bad: #b3161f; --mark: #4a6fa5;
          --strong: #14181c; --removed: #ffdfe0; --inserted: #d5f2da; }
        @media screen and (prefers-color-scheme: dark) {
          :root { --page: #14171a; --panel: #1c2024; --ink: #e8eaed; --faint: #a4adb6; --line: #434a52;
            --link: #86b4ff; --good: #6fcf83; --warn: #f0b35a; --bad: #ff8a8a; --mark: #86a8d8; --strong: #ffffff;
            --removed: #5d2226; --inserted: #1d4a28; }
        }
        """
}
