using System.Globalization;
using Spectre.Console;

namespace FusionKernels.Cli;

/// <summary>The result of <c>align</c> for people.</summary>
internal static class AlignTable
{
    /// <summary>Prints it.</summary>
    public static void Show(IAnsiConsole console, AlignResult result)
    {
        console.MarkupLineInterpolated($"[bold]{result.Method}[/]: {result.FeaturesA} and {result.FeaturesB} features to {result.Components}; {result.TrainingRows} rows trained, {result.HeldRows} were kept from it");
        console.MarkupLineInterpolated($"{result.Device}, {result.Precision}: {result.Epochs} epochs in {Units.Seconds(result.Seconds)}, the best was {result.BestEpoch}");
        Table table = new Table().AddColumns($"by {result.RelevantBy}", "A finds B", "B finds A");
        Row("mean average precision", result.MeanAveragePrecision);
        Row("recall at 1", result.RecallAt1);
        Row("recall at 10", result.RecallAt10);
        console.Write(table);
        console.MarkupLineInterpolated($"by chance: mean average precision {Text(result.Chance)}");
        foreach (AlignFigure figure in result.Figures) console.MarkupLineInterpolated($"{figure.Name}: {Text(figure.Value)}");

        void Row(string name, BothWays both) => table.AddRow(name, Text(both.AToB), Text(both.BToA));
    }

    /// <summary>A figure of three decimals.</summary>
    public static string Text(double value) => value.ToString("F3", CultureInfo.InvariantCulture);
}
