using System.Net;
using System.Text;

namespace FusionKernels.Cli;

/// <summary>The demo's page: one static file with everything in it, well-formed as XML.</summary>
internal static class DemoPage
{
    /// <summary>The whole page.</summary>
    public static string Build(DemoResult result)
    {
        StringBuilder page = new();
        DemoAccuracy fused = result.Views[^1];
        DemoAccuracy best = result.Views.Where(view => IsSingle(view.Name)).MaxBy(view => view.Accuracy)!;
        page.Append(CultureInvariant($"""
            {PageStyle.Head($"{result.Images} digits in {result.Views.Count - 2} views")}
            <main>
            <header>
            <h1>Handwritten digits in {Words(result.Views.Count - 2)} views, fused by kernels</h1>
            <p class="lead">{result.Images} images of 8 × 8 pixels, each described in {Words(result.Views.Count - 2)} ways. Every view gets a kernel; the fused kernel is their mean, computed in one pass over all views, on every device of this machine.</p>
            {SamplesChart.Svg(result.Samples)}
            </header>
            <section class="tiles" aria-label="Key figures">
            {Tile("Fused kernel", Units.Percent(fused.Accuracy, 1), "of the held-out images named right")}
            {Tile("Best single view", Units.Percent(best.Accuracy, 1), best.Name)}
            {Tile("Majority class", Units.Percent(result.MajorityAccuracy, 1), "always naming the most frequent digit")}
            {FastestTile(result)}
            </section>
            <section class="pair">
            <figure>
            <h2>The fused Gram matrix</h2>
            {HeatMapChart.Svg(result.HeatMap)}
            <figcaption>Similarity of every image to every other, ordered by digit and averaged down to {result.HeatMap.Cells.GetLength(0)} × {result.HeatMap.Cells.GetLength(0)} cells. Mean over pairs of one digit {result.WithinClass:0.00}, of different digits {result.BetweenClasses:0.00}.</figcaption>
            </figure>
            <figure>
            <h2>Held-out accuracy</h2>
            {AccuracyChart.Svg(result)}
            <figcaption>Kernel ridge classification over {Words(result.Folds)} stratified folds; thin lines reach from the worst to the best fold. Folds are blocks in the order of the file, which keeps the images of one hand mostly on one side. One ridge and one rule for the width serve every kernel; the views’ scales come from all images, without labels.</figcaption>
            </figure>
            </section>
            <section>
            <h2>Speed on every device</h2>
            <p class="lead">Time of one Gram matrix with the data on the device, as a fraction of the multiply-adds that the same device was measured to do at most.</p>
            <div class="devices">

            """));
        foreach (DemoDevice device in result.Devices) page.Append(SpeedChart.Figure(device, [.. result.Rows.Where(row => row.Device == device.Name)]));
        page.Append("</div>\n</section>\n<section>\n<h2>All figures</h2>\n");
        AppendTable(page, result);
        page.Append("</section>\n<section>\n<h2>The views</h2>\n<dl>\n");
        foreach (DemoAccuracy view in result.Views) page.Append(CultureInvariant($"<dt>{Text(view.Name)}</dt><dd>{Text(view.Description)}; {view.Features} features</dd>\n"));
        page.Append("""
            </dl>
            </section>
            <footer><p>Digits: E. Alpaydin and C. Kaynak, Optical Recognition of Handwritten Digits, UCI Machine Learning Repository, CC BY 4.0. Page written by <code>fusionkernels demo</code>; it loads nothing from anywhere.</p></footer>
            </main>
            </body>
            </html>

            """);
        return page.ToString();
    }

    /// <summary>Text safe within elements and attributes.</summary>
    public static string Text(string text) => WebUtility.HtmlEncode(text);

    /// <summary>Whether the name is that of a single view.</summary>
    public static bool IsSingle(string name) => name is not (DemoKernel.Concatenation or DemoKernel.Fused);

    private static string CultureInvariant(FormattableString text) => FormattableString.Invariant(text);

    private static string Words(int number) => number switch
    {
        5 => "five",
        6 => "six",
        7 => "seven",
        _ => number.ToString(System.Globalization.CultureInfo.InvariantCulture),
    };

    private static string Tile(string title, string figure, string note) =>
        $"<div class=\"tile\"><p class=\"title\">{Text(title)}</p><p class=\"figure\">{Text(figure)}</p><p class=\"note\">{Text(note)}</p></div>";

    private static string FastestTile(DemoResult result)
    {
        DemoRow? fastest = result.Rows.Where(row => row.View == DemoKernel.Fused && row.Images == result.Images && row.Seconds is not null).MinBy(row => row.Seconds);
        return fastest is null
            ? ""
            : Tile("Fused Gram matrix", Units.Seconds(fastest.Seconds!.Value), $"{fastest.Images} × {fastest.Images}, {result.Precision}, on {fastest.Device}");
    }

    private static void AppendTable(StringBuilder page, DemoResult result)
    {
        page.Append("<table>\n<thead><tr><th scope=\"col\">kernel</th><th scope=\"col\">time</th><th scope=\"col\" class=\"wide\">GFLOP/s</th><th scope=\"col\">of peak</th><th scope=\"col\">deviation</th><th scope=\"col\" class=\"wide\">accuracy</th></tr></thead>\n");
        foreach (DemoDevice device in result.Devices)
        {
            List<DemoRow> rows = [.. result.Rows.Where(row => row.Device == device.Name)];
            string images = rows.Count > 0 ? CultureInvariant($"{rows[0].Images} images") : "";
            page.Append(CultureInvariant($"<tbody><tr class=\"group\"><th scope=\"rowgroup\" colspan=\"6\">{Text(device.Name)} <span>{Text(device.Model)}, {images}</span></th></tr>\n"));
            foreach (DemoRow row in rows) page.Append(Row(row));
            page.Append("</tbody>\n");
        }

        page.Append("</table>\n<p class=\"note\">Deviation: the largest difference from a plain float64 computation, relative to its largest value, over sampled rows.</p>\n");
    }

    private static string Row(DemoRow row) => row.Error is { } error
        ? $"<tr><th scope=\"row\">{Text(row.View)}</th><td colspan=\"5\" class=\"error\">{Text(error)}</td></tr>\n"
        : $"<tr><th scope=\"row\">{Text(row.View)}</th><td>{Units.Seconds(row.Seconds!.Value)}</td><td class=\"wide\">{Units.Significant(row.Gflops!.Value)}</td>"
            + $"<td>{Units.Percent(row.FractionOfPeak!.Value)}</td><td>{Units.Deviation(row.LargestDeviation!.Value)}</td>"
            + $"<td class=\"wide\">{(row.Accuracy is { } accuracy ? Units.Percent(accuracy, 1) : "")}</td></tr>\n";
}
