/// The look of the page: calm, on paper or on a screen at night. Text has a contrast of at least 4.5 to 1, the
/// outcomes differ in lightness too (WCAG 2.2, 1.4.1 and 1.4.3).
enum PageStyle {
    static let css = colours + layout + pictures + paper

    private static let colours = """
        :root {
          --ground: #f4f2ec; --sheet: #fffefb; --ink: #20262c; --soft: #5c656d; --line: #dedad0; --link: #1c5a7d;
          --good: #1d6b50; --partly: #835400; --grave: #9a2a3a; --stopped: #4b5560;
          --applied: #2c7a5d; --already_applied: #9cc7b3; --rejected: #d9a440; --declined: #c4643a;
          --failed: #8c3b3b; --unconfirmed: #6b4fa0; --not_sent: #b9bdc1; --call: #3f7391;
        }
        @media screen and (prefers-color-scheme: dark) {
          :root {
            --ground: #121517; --sheet: #1a1e21; --ink: #e9e6df; --soft: #a5adb4; --line: #343a3f; --link: #8fc3e2;
            --good: #7cc9a7; --partly: #e2b35f; --grave: #f0909b; --stopped: #b6bec5;
            --applied: #4fa583; --already_applied: #2d5c4a; --rejected: #d3a24a; --declined: #cf7750;
            --failed: #a85757; --unconfirmed: #a58bdc; --not_sent: #5d656b; --call: #6fa5c4;
          }
        }

        """

    private static let layout = """
        * { box-sizing: border-box; }
        body { margin: 0; background: var(--ground); color: var(--ink);
          font: 1rem/1.5 system-ui, "Segoe UI", Roboto, "Helvetica Neue", "Liberation Sans", sans-serif; }
        main { max-width: 60rem; margin: 2.5rem auto; padding: 3rem 3.5rem; background: var(--sheet);
          border: 1px solid var(--line); border-radius: 4px; }
        h1, h2 { font-family: "Iowan Old Style", "Palatino Linotype", Palatino, Georgia, "Liberation Serif", serif;
          font-weight: 600; line-height: 1.2; }
        h1 { font-size: 2.1rem; margin: .2rem 0 .6rem; }
        h2 { font-size: 1.2rem; margin: 0 0 .8rem; }
        p { margin: .4rem 0; }
        section { margin-top: 2.4rem; padding-top: 1.4rem; border-top: 1px solid var(--line); }
        .over { color: var(--soft); letter-spacing: .04em; font-size: .85rem; margin: 0; }
        .lead { font-size: 1.1rem; padding-left: .8rem; border-left: 4px solid currentColor; }
        .good { color: var(--good); } .partly { color: var(--partly); }
        .grave { color: var(--grave); } .stopped { color: var(--stopped); }
        .where, .soft { color: var(--soft); }
        .where { font-size: .92rem; overflow-wrap: anywhere; }
        .sum { font-size: 1.05rem; font-variant-numeric: tabular-nums; }
        .sum span { white-space: nowrap; }
        a { color: var(--link); }
        code { font: .88em/1.4 ui-monospace, "SF Mono", Menlo, Consolas, "Liberation Mono", monospace; }
        bdi { overflow-wrap: anywhere; }
        table { width: 100%; border-collapse: collapse; font-size: .95rem; }
        th, td { text-align: left; vertical-align: top; padding: .42rem .9rem .42rem 0; font-weight: 400;
          font-variant-numeric: tabular-nums; }
        th:last-child, td:last-child { padding-right: 0; }
        thead th { color: var(--soft); font-size: .8rem; border-bottom: 1px solid var(--line); }
        tbody tr + tr > * { border-top: 1px solid var(--line); }
        .groups tbody .again > * { border-top: 0; }
        .groups .again th, .groups .again th + td { color: var(--soft); }
        .n { text-align: right; white-space: nowrap; }
        dl { display: grid; grid-template-columns: max-content 1fr; gap: .3rem 1.4rem; margin: 0; font-size: .92rem; }
        dt { color: var(--soft); }
        dd { margin: 0; overflow-wrap: anywhere; }
        @media (max-width: 44rem) {
          main { margin: 0; padding: 1.4rem 1.1rem; border: 0; }
          h1 { font-size: 1.6rem; }
        }

        """

    private static let pictures = """
        .bar { display: block; width: 100%; height: 26px; margin: .2rem 0 1.1rem; border-radius: 3px; }
        .chart { display: block; width: 100%; height: auto; }
        .chart text { font-size: 12px; fill: var(--soft); }
        .grid { stroke: var(--line); stroke-width: 1; }
        .call { fill: var(--call); }
        .swatch { display: inline-block; width: .75rem; height: .75rem; margin-right: .55rem; border-radius: 2px; }
        .applied { fill: var(--applied); } .swatch.applied { background: var(--applied); }
        .already_applied { fill: var(--already_applied); }
        .swatch.already_applied { background: var(--already_applied); }
        .rejected { fill: var(--rejected); } .swatch.rejected { background: var(--rejected); }
        .declined { fill: var(--declined); } .swatch.declined { background: var(--declined); }
        .failed { fill: var(--failed); } .swatch.failed { background: var(--failed); }
        .unconfirmed { fill: var(--unconfirmed); } .swatch.unconfirmed { background: var(--unconfirmed); }
        .not_sent { fill: var(--not_sent); } .swatch.not_sent { background: var(--not_sent); }

        """

    private static let paper = """
        @page { margin: 18mm 16mm; }
        @media print {
          :root { --ground: #fff; --sheet: #fff; --ink: #111; --soft: #555; --line: #ccc; --link: #111;
            font-size: 9.5pt; }
          main { max-width: none; margin: 0; padding: 0; border: 0; }
          section { margin-top: 1.4rem; padding-top: .9rem; }
          h2 { break-after: avoid; }
          tr, svg, dl, .sum { break-inside: avoid; }
          thead { display: table-header-group; }
          svg, .swatch { -webkit-print-color-adjust: exact; print-color-adjust: exact; }
        }

        """
}
