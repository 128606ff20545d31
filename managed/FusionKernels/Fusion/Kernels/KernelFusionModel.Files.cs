using System.Numerics;
using System.Numerics.Tensors;

namespace FusionKernels;

/// <content>Fused kernels in files: bandwidths, weights, and what was learned.</content>
public sealed partial class KernelFusionModel
{
    /// <inheritdoc/>
    internal override bool IsKept => _fused.IsKept;

    /// <inheritdoc/>
    internal override void Write(ModelStateWriter file)
    {
        file.Add("weights", [.. Weights]);
        file.Add("alignments", [.. Weighting.Alignments]);
        file.Add("descents", Weighting.Descents);
        if (double.IsFinite(Weighting.Objective)) file.Add("objective", [Weighting.Objective]);
        if (Weighting.PerClass is { } classes) file.Add("weights_of_classes", classes.ToArray(), classes.Lengths[0], classes.Lengths[1]);
        _fused.Write(file);
    }

    /// <summary>The model of a file: nothing is fitted.</summary>
    internal static KernelFusionModel Read(ModelStateReader file, Views views, KernelFusionOptions options) =>
        views.IsFloat64 ? Read<double>(file, views, options) : Read<float>(file, views, options);

    private static KernelFusionModel Read<T>(ModelStateReader file, Views views, KernelFusionOptions options)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        double[] weights = file.Weights("weights", views.Count);
        int[]? numbers = file.Has("landmarks") ? LandmarksOf(file, views.Rows) : null;
        Views compared = numbers is null ? views : views.Take(numbers);
        if (numbers is not null) options = options with { Landmarks = new() { Landmarks = numbers.Length, Tolerance = file.Has("tolerance") ? file.Numbers("tolerance", 1)[0] : null } };
        FusedKernel<T> kernel = KernelFusionFit.WithWeights(KernelFusionFit.Kernels<T>(compared, options, file.Positive("bandwidths", views.Count)), compared, weights, options);
        PresencePatterns<T> patterns = new(kernel, LearnedKernel<T>.Read(file, views, compared.Rows), views, options, numbers is null ? null : compared, numbers);
        long alignments = file.LengthOf("alignments");
        if (alignments != 0 && alignments != views.Count) throw file.Error("alignments", $"none, or {views.Count}", $"{alignments}");
        Tensor<double>? perClass = null;
        if (file.Has("weights_of_classes"))
        {
            // Of two classes, one is weighed against the other.
            int classes = PriorOf(views.RequireLabels()).Classes.Length;
            classes = classes == 2 ? 1 : classes;
            perClass = Tensor.Create(file.Numbers("weights_of_classes", classes, views.Count), [classes, views.Count]);
        }

        KernelWeightsResult weighting = new(
            weights, file.Numbers("alignments", alignments), perClass, file.Has("objective") ? file.Numbers("objective", 1)[0] : double.NaN, (int)Math.Clamp(file.Integers("descents", 1)[0], 0, int.MaxValue));
        return new(KernelFusionFit.NameOf(views, options), views, new Fused<T>(patterns), weighting);
    }

    /// <summary>The numbers of the rows that others are compared with.</summary>
    /// <exception cref="DataFormatException">They are none, do not ascend, or are no rows.</exception>
    private static int[] LandmarksOf(ModelStateReader file, int rows)
    {
        long[] numbers = file.Integers("landmarks", file.LengthOf("landmarks"));
        bool ascend = numbers.Length > 0 && numbers[0] >= 0 && numbers[^1] < rows;
        for (int at = 1; at < numbers.Length && ascend; at++) ascend = numbers[at] > numbers[at - 1];
        return ascend ? [.. numbers.Select(number => (int)number)] : throw file.Error("landmarks", $"ascending numbers of the {rows} rows", string.Join(", ", numbers.Take(6)));
    }
}
