using System.Globalization;
using System.Text;

namespace FusionKernels;

/// <content>The page.</content>
public sealed partial class FusionReport
{
    /// <summary>One static page, well-formed as XML, that loads nothing from anywhere: scores, absent views, ablation, weights.</summary>
    /// <param name="title">What was compared; null for a title from the views.</param>
    public string ToHtml(string? title = null)
    {
        string name = SvgText.Escape(title ?? $"{Views.Count} views of {RowCount} rows, fused");
        string measure = IsError ? "Root mean squared error" : "Held-out accuracy";
        StringBuilder page = new();
        page.Append(CultureInfo.InvariantCulture, $"""
            {PageStyle.Head(name)}
            <main>
            <header>
            <h1>{name}</h1>
            <p class="lead">{RowCount} rows in {Views.Count} views ({SvgText.Escape(string.Join(", ", Views))}); {(IsError ? "numbers are predicted" : $"{Classes} classes")}; {(Folds == 1 ? "one split" : $"{Folds} folds")}, seed {Seed}. Every strategy sees the same splits and the same absent views.{(IsComplete ? "" : " The comparison was interrupted: rows are over the folds that were done.")}</p>
            </header>
            <section class="tiles" aria-label="Key figures">
            {Tile("Best fusion", BestFused)}{Tile("Best single view", BestSingle)}{Tile(IsError ? "Always the mean" : "Majority class", Rows.FirstOrDefault(row => row.Kind == FusionReportKind.Baseline))}
            </section>
            <section class="pair">
            <figure>
            <h2>{measure}</h2>
            {ReportCharts.Scores(this)}
            <figcaption>Mean over the test sets; thin lines reach from the worst to the best fold.</figcaption>
            </figure>

            """);
        if (MissingRates.Count > 0 && Rows.Any(row => row.Missing.Count > 0))
        {
            page.Append(CultureInfo.InvariantCulture, $"<figure>\n<h2>With absent views</h2>\n{ReportCharts.Missing(this)}\n<figcaption>{measure} when each view of a test row is absent with that probability; a row keeps at least one.</figcaption>\n</figure>\n");
        }

        page.Append("</section>\n<section>\n<h2>All figures</h2>\n");
        AppendTable(page);
        foreach (ViewFigures figures in FiguresByView()) AppendByView(page, figures);
        AppendAttention(page);
        page.Append(CultureInfo.InvariantCulture, $"</section>\n<footer><p>p: against the best single view, two-sided, {SvgText.Escape(Test)}. Written by FusionKernels.</p></footer>\n</main>\n</body>\n</html>\n");
        return page.ToString();
    }

    private string Tile(string title, FusionReportRow? row) => row is null || row.Error is not null
        ? ""
        : $"<div class=\"tile\"><p class=\"title\">{title}</p><p class=\"figure\">{Number(row.Score)}{(IsError ? "" : " %")}</p><p class=\"note\">{SvgText.Escape(row.Name)}</p></div>";

    private void AppendTable(StringBuilder page)
    {
        page.Append(CultureInfo.InvariantCulture, $"<table>\n<thead><tr><th scope=\"col\">strategy</th><th scope=\"col\">{(IsError ? "rmse" : "accuracy")}</th><th scope=\"col\">spread</th>");
        foreach (double rate in MissingRates) page.Append(CultureInfo.InvariantCulture, $"<th scope=\"col\" class=\"wide\">-{100 * rate:0} %</th>");
        page.Append("<th scope=\"col\">p</th><th scope=\"col\" class=\"wide\">seconds</th></tr></thead>\n");
        foreach (IGrouping<FusionReportKind, FusionReportRow> group in Rows.GroupBy(row => row.Kind))
        {
            page.Append(CultureInfo.InvariantCulture, $"<tbody><tr class=\"group\"><th scope=\"rowgroup\" colspan=\"{5 + MissingRates.Count}\">{Heading(group.Key)}</th></tr>\n");
            foreach (FusionReportRow row in group) page.Append(TableRow(row));
            page.Append("</tbody>\n");
        }

        page.Append("</table>\n");

        static string Heading(FusionReportKind kind) => kind switch
        {
            FusionReportKind.Baseline => "no view",
            FusionReportKind.SingleView => "single views",
            _ => "fused",
        };
    }

    private string TableRow(FusionReportRow row)
    {
        string name = SvgText.Escape(row.Name);
        if (row.Error is { } error) return $"<tr><th scope=\"row\">{name}</th><td colspan=\"{4 + MissingRates.Count}\" class=\"error\">{SvgText.Escape(error)}</td></tr>\n";
        string missing = string.Concat(MissingRates.Select((_, r) => $"<td class=\"wide\">{(row.Missing.Count > r ? Number(row.Missing[r]) : "")}</td>"));
        string p = double.IsNaN(row.PValue) ? "" : row.PValue.ToString("0.0000", CultureInfo.InvariantCulture);
        return string.Create(CultureInfo.InvariantCulture, $"<tr><th scope=\"row\">{name}</th><td>{Number(row.Score)}</td><td>{Number(row.Spread)}</td>{missing}<td>{p}</td><td class=\"wide\">{row.Seconds:0.0}</td></tr>\n");
    }

    private void AppendByView(StringBuilder page, ViewFigures figures)
    {
        page.Append(CultureInfo.InvariantCulture, $"</section>\n<section>\n<h2>{figures.Heading}</h2>\n<p class=\"note\">{char.ToUpperInvariant(figures.Note[0])}{figures.Note[1..]}</p>\n<div class=\"scroll\"><table>\n<thead><tr><th scope=\"col\">strategy</th>");
        foreach (string view in Views) page.Append(CultureInfo.InvariantCulture, $"<th scope=\"col\">{SvgText.Escape(view)}</th>");
        page.Append("</tr></thead>\n<tbody>\n");
        foreach ((string name, IReadOnlyList<string> cells) in figures.Rows)
        {
            page.Append(CultureInfo.InvariantCulture, $"<tr><th scope=\"row\">{SvgText.Escape(name)}</th>{string.Concat(cells.Select(cell => $"<td>{cell}</td>"))}</tr>\n");
        }

        page.Append("</tbody>\n</table></div>\n");
    }

    private void AppendAttention(StringBuilder page)
    {
        List<FusionReportRow> rows = [.. Rows.Where(row => row.Attention is not null)];
        if (rows.Count == 0) return;
        page.Append("</section>\n<section>\n<h2>Attention</h2>\n<p class=\"note\">Who looks, by row, and at whom, by column: the mean over test rows, heads and the tokens of a view.</p>\n<div class=\"devices\">\n");
        foreach (FusionReportRow row in rows) page.Append(CultureInfo.InvariantCulture, $"<figure>\n<h3>{SvgText.Escape(row.Name)}</h3>\n{ReportCharts.Attention(row.Attention!)}\n</figure>\n");
        page.Append("</div>\n");
    }
}
