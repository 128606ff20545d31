using System.Globalization;

namespace FusionKernels;

/// <summary>How rows of views are read, in the file of a learned model: by view its kind, means, factors and, of series, the steps of a patch.</summary>
internal static class ViewInputFile
{
    /// <summary>Adds what a file keeps.</summary>
    public static void Write(ViewInputEncoder inputs, Dictionary<string, string> notes, Dictionary<string, SafetensorsEntry> tensors)
    {
        for (int view = 0; view < inputs.Patch.Length; view++)
        {
            (double[] means, double[] factors) = inputs.SeriesOf(view)?.Scaler ?? inputs.Flat.ScalerOf(view);
            tensors.Add(Mean(view), SafetensorsEntry.Of(means));
            tensors.Add(Factor(view), SafetensorsEntry.Of(factors));
            notes.Add(Kind(view), $"{inputs.Flat.Kinds[view]}");
            if (inputs.IsSeries(view)) notes.Add(Patch(view), inputs.Patch[view].ToString(CultureInfo.InvariantCulture));
        }
    }

    /// <summary>Reads it for so many views.</summary>
    /// <exception cref="DataFormatException">Something is absent, of another shape, not finite, or below 0 where factors are not.</exception>
    public static ViewInputEncoder Read(SafetensorsFile file, int views)
    {
        ViewKind[] kinds = new ViewKind[views];
        double[][] means = new double[views][], factors = new double[views][];
        SeriesScaler?[] series = new SeriesScaler?[views];
        int[] widths = new int[views], patches = new int[views];
        for (int view = 0; view < views; view++)
        {
            string name = Factor(view);
            kinds[view] = file.ChoiceNote<ViewKind>(Kind(view));
            if (kinds[view] == ViewKind.Gram) throw file.Error($"note '{Kind(view)}'", "vectors, images or series", $"{kinds[view]}");
            widths[view] = file.ShapeOf(name) is [>= 1 and <= int.MaxValue and var length] ? (int)length : 1;
            (means[view], factors[view]) = (file.ReadFinite<double>(Mean(view), [widths[view]]), file.ReadFinite<double>(name, [widths[view]]));
            int wrong = Array.FindIndex(factors[view], factor => factor < 0);
            if (wrong >= 0) throw file.Error($"tensor '{name}', element {wrong}", "a number of 0 or more", $"{factors[view][wrong]}");
            if (kinds[view] != ViewKind.Sequences) continue;
            patches[view] = file.IntegerNote(Patch(view));
            if (patches[view] == 0) throw file.Error($"note '{Patch(view)}'", "one step or more", "0");
            (series[view], means[view], factors[view]) = (SeriesScaler.Of(means[view], factors[view], []), [], []);
        }

        return ViewInputEncoder.Of(ViewEncoder.Of(kinds, widths, means, factors), series, patches);
    }

    private static string Mean(int view) => $"input.{view}.mean";

    private static string Factor(int view) => $"input.{view}.factor";

    private static string Kind(int view) => $"kind.{view}";

    private static string Patch(int view) => $"patch.{view}";
}
