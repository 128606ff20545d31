using System.Globalization;
using System.Text;

namespace FusionKernels.Bench;

/// <summary>A comparison as one static page that needs no network: summary, families, rooflines, shares of peaks, every case.</summary>
internal static class ComparisonPage
{
    /// <summary>Drawings keep their size where there are few of them: text in one as wide as the page would be read across the room.</summary>
    private const string Columns = "grid-template-columns:repeat(auto-fill,minmax(min(100%,400px),1fr))";

    /// <summary>The page.</summary>
    public static string Of(Comparison comparison)
    {
        StringBuilder page = new(PageStyle.Head("machines compared"));
        page.Append("<main><h1>Machines and devices compared</h1>");
        page.Append($"<p class=\"lead\">Speeds in each field's own unit, against {SvgText.Escape(comparison.Baseline.Name)}. Whiskers and ranges are what the quartiles of both sides leave open; where they cover 1, the difference is noise.</p>");
        page.Append("<section><h2>In short</h2>");
        foreach (string sentence in comparison.Summary()) page.Append($"<p>{SvgText.Escape(sentence)}</p>");
        page.Append($"</section><section><h2>By family</h2><div class=\"devices\" style=\"{Columns}\">");
        Figure(page, "all families", FamilyBars.Of(comparison, null), "The geometric mean over the cases that both have.");
        foreach (string family in comparison.Families) Figure(page, family, FamilyBars.Of(comparison, family), CaptionOf(comparison, family));
        page.Append($"</div></section><section><h2>Rooflines</h2><div class=\"devices\" style=\"{Columns}\">");
        foreach (ComparedColumn column in comparison.Columns)
        {
            if (RooflineChart.Of(column) is not { } chart) continue;
            RateRow rates = ComparisonText.Rates(column)!;
            Figure(page, column.Name, chart, $"{column.Device.Description.Model}, float32: {Format.Number(rates.Gflops)} GFLOP/s of multiply-adds and {Format.Number(rates.ReadGigabytesPerSecond)} GB/s of reads, both measured. Points are cases; above the slope lie those whose operands stay in caches.");
        }

        page.Append($"</div></section><section><h2>Against each device's own peaks</h2><div class=\"devices\" style=\"{Columns}\">");
        foreach (ComparedColumn column in comparison.Columns)
        {
            foreach (string family in comparison.Families)
            {
                if (PeakBars.Of(column, family) is { } bars) Figure(page, $"{column.Name}: {family}", bars, "The least time that multiply-adds, exponentials or memory leave, over the median; cases that no rate bounds are left out.");
            }
        }

        page.Append("</div></section><section><h2>Cases</h2>");
        Table(page, comparison);
        page.Append($"</section><section><h2>Machines</h2><div class=\"devices\" style=\"{Columns}\">");
        foreach (ComparedColumn column in comparison.Columns) Facts(page, column);
        page.Append("</div></section>");
        page.Append($"<footer>Suite {SvgText.Escape(comparison.Baseline.Results.Suite)}, schema {comparison.Baseline.Results.Schema}. Made by fusionkernels compare.</footer></main></body></html>\n");
        return page.ToString();
    }

    /// <summary>How many cases a family has, and which columns share none of them with the baseline.</summary>
    private static string CaptionOf(Comparison comparison, string family)
    {
        int cases = comparison.Cases.Count(one => one.Family == family);
        string[] apart = [.. comparison.Columns.Where((column, i) => column != comparison.Baseline && comparison.Mean(i, family) is null).Select(column => column.Name)];
        return $"{cases} {(cases == 1 ? "case" : "cases")}{(apart.Length == 0 ? "" : $", none of which the baseline shares with {string.Join(" or ", apart)}")}.";
    }

    private static void Figure(StringBuilder page, string title, string drawing, string caption) =>
        page.Append($"<figure><h3>{SvgText.Escape(title)}</h3>{drawing}<figcaption>{SvgText.Escape(caption)}</figcaption></figure>");

    private static void Table(StringBuilder page, Comparison comparison)
    {
        page.Append("<div style=\"overflow-x:auto\"><table><thead><tr><th scope=\"col\">case</th><th scope=\"col\">unit</th>");
        foreach (ComparedColumn column in comparison.Columns) page.Append($"<th scope=\"col\">{SvgText.Escape(column.Name)}</th>");
        page.Append("</tr></thead><tbody>");
        foreach (string family in comparison.Families)
        {
            page.Append($"<tr class=\"group\"><th scope=\"rowgroup\" colspan=\"{comparison.Columns.Count + 2}\">{SvgText.Escape(family)}</th></tr>");
            foreach (ComparedCase one in comparison.Cases.Where(one => one.Family == family))
            {
                page.Append($"<tr><th scope=\"row\">{SvgText.Escape(one.Key)}</th><td>{Throughput.Of(one.Rows.First(row => row is not null)!).Unit}</td>");
                for (int i = 0; i < one.Rows.Count; i++) page.Append($"<td>{Cell(one, i)}</td>");
                page.Append("</tr>");
            }
        }

        page.Append("</tbody></table></div>");
    }

    private static string Cell(ComparedCase one, int column)
    {
        if (one.Rows[column] is not { } row) return "-";
        string value = Format.Number(Throughput.Of(row).Value);
        if (one.Ratio(column) is not { } ratio) return value;
        string range = string.Create(CultureInfo.InvariantCulture, $"{ratio.Low:0.00}-{ratio.High:0.00}");
        return string.Create(CultureInfo.InvariantCulture, $"{value}<br/><span class=\"note\" style=\"white-space:nowrap\">{(ratio.IsNoise ? "noise" : $"{ratio.Value:0.00}x")} ({range})</span>");
    }

    private static void Facts(StringBuilder page, ComparedColumn column)
    {
        Machine machine = column.Results.Machine;
        page.Append($"<figure><h3>{SvgText.Escape(column.Name)}</h3><dl>");
        foreach ((string name, string value) in new[]
        {
            ("device", column.Device.Description.ToString()),
            ("processor", $"{machine.Processor}, {machine.Cores} logical processors, SIMD {machine.Simd}"),
            ("memory", string.Create(CultureInfo.InvariantCulture, $"{machine.MemoryBytes / (double)(1L << 30):0.0} GiB")),
            ("system", $"{machine.OperatingSystem}, {machine.Runtime}"),
            ("libraries", string.Join(", ", machine.Libraries.Select(library => $"{library.Key} {library.Value.Split('+')[0]}"))),
            ("measured", $"{machine.Date}; {column.Results.Method}"),
        })
        {
            page.Append($"<dt>{name}</dt><dd>{SvgText.Escape(value)}</dd>");
        }

        page.Append("</dl></figure>");
    }
}
