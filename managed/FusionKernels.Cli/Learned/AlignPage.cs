using System.Globalization;
using System.Numerics;
using System.Numerics.Tensors;
using System.Text;

namespace FusionKernels.Cli;

/// <summary>The page of <c>align</c>: one static file with everything in it, well-formed as XML.</summary>
internal static class AlignPage
{
    /// <summary>More rows make a map that no one reads, and a product that takes time.</summary>
    private const int MostDrawn = 2000;

    /// <summary>The whole page.</summary>
    public static string Build<T>(AlignResult result, IAlignMethod method, (string A, string B) names, TrainingResult training, AlignScores<T> scores)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        StringBuilder page = new();
        string whose = result.HeldRows > 1 ? "rows kept from training" : "training rows", drawn = scores.Rows > MostDrawn ? $"the first {MostDrawn} of {scores.Rows} {whose}" : $"{scores.Rows} {whose}";
        page.Append(CultureInfo.InvariantCulture, $"""
            {PageStyle.Head($"{SvgText.Escape(result.Method)} alignment of {SvgText.Escape(names.A)} and {SvgText.Escape(names.B)}")}
            <main>
            <header>
            <h1>{SvgText.Escape(names.A)} and {SvgText.Escape(names.B)} in a common space</h1>
            <p class="lead">{SvgText.Escape(result.Method)}, {SvgText.Escape(method.Description)}. {result.Rows} rows of {result.FeaturesA} and {result.FeaturesB} features, brought to {result.Components}; {result.TrainingRows} of them trained{(result.IsComplete ? "" : ", until it was stopped")}. Figures are of {scores.Rows} {whose}.</p>
            </header>
            <section class="tiles" aria-label="Key figures">
            {Tile("A finds B", AlignTable.Text(result.MeanAveragePrecision.AToB), $"mean average precision by {result.RelevantBy}")}
            {Tile("B finds A", AlignTable.Text(result.MeanAveragePrecision.BToA), $"mean average precision by {result.RelevantBy}")}
            {Tile("By chance", AlignTable.Text(result.Chance), "an order that knows nothing")}
            {Tile("Best epoch", $"{result.BestEpoch} of {result.Epochs}", $"{Units.Seconds(result.Seconds)} on {result.Device}")}
            </section>
            <section class="pair">
            <figure>
            <h2>Learning</h2>
            {training.ToSvg("Loss by epoch")}
            <figcaption>The weights of the marked epoch are kept.{(result.ValidationLosses.Count > 0 ? $" It was chosen by {method.Choosing}." : " Without rows kept from training, the training loss chose it.")}</figcaption>
            <table>
            <thead><tr><th scope="col">figure</th><th scope="col">A finds B</th><th scope="col">B finds A</th></tr></thead>
            <tbody>

            """);
        foreach ((string name, BothWays both) in new[] { ("mean average precision", result.MeanAveragePrecision), ("recall at 1", result.RecallAt1), ("recall at 10", result.RecallAt10) })
        {
            page.Append($"<tr><th scope=\"row\">{name}</th><td>{AlignTable.Text(both.AToB)}</td><td>{AlignTable.Text(both.BToA)}</td></tr>\n");
        }

        foreach (AlignFigure figure in result.Figures) page.Append($"<tr><th scope=\"row\">{SvgText.Escape(figure.Name)}</th><td colspan=\"2\">{AlignTable.Text(figure.Value)}</td></tr>\n");
        page.Append(CultureInfo.InvariantCulture, $"""
            </tbody>
            </table>
            </figure>
            <figure>
            <h2>Similarity</h2>
            {SimilarityPlot.Svg("Cosine in the common space", names.A, names.B, Similarities(scores), LabelsOf(scores), [], "")}
            <figcaption>Every row of A against every row of B, {drawn}{(scores.Labels is null ? ", in their order: partners are the diagonal" : ", ordered by class")}.</figcaption>
            </figure>
            </section>
            <footer><p>Page written by <code>fusionkernels align</code>; it loads nothing from anywhere.</p></footer>
            </main>
            </body>
            </html>

            """);
        return page.ToString();
    }

    private static string Tile(string title, string figure, string note) =>
        $"<div class=\"tile\"><p class=\"title\">{SvgText.Escape(title)}</p><p class=\"figure\">{SvgText.Escape(figure)}</p><p class=\"note\">{SvgText.Escape(note)}</p></div>";

    private static Tensor<T> Similarities<T>(AlignScores<T> scores)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int drawn = Math.Min(scores.Rows, MostDrawn);
        return SimilarityMatrix.Compute(scores.U[..drawn, ..], scores.V[..drawn, ..], SimilarityMetric.Cosine);
    }

    private static (ClassLabels A, ClassLabels B)? LabelsOf<T>(AlignScores<T> scores)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (scores.Labels is not { } labels) return null;
        ClassLabels drawn = scores.Rows <= MostDrawn ? labels : ClassLabels.From(labels.Indices.Take(MostDrawn).Select(index => labels.Names[index]), labels.Names);
        return (drawn, drawn);
    }
}
