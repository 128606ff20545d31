using System.Numerics;
using System.Numerics.Tensors;
using FusionKernels.Kernels.Simd;

namespace FusionKernels;

/// <content>Files.</content>
public sealed partial class KernelCanonicalCorrelation
{
    /// <summary>What files of fitted models are called.</summary>
    internal const string Kind = "fusionkernels.kernel-canonical-correlation";
    private const long Version = 1;
    private static readonly string[] s_sides = ["x", "y"];

    /// <summary>Writes the model to an .npz file, which appears when it is complete.</summary>
    /// <remarks>
    /// <para>Version 1, arrays of float64 unless said otherwise, for each view s of x and y: <c>fusionkernels.kernel-canonical-correlation</c>
    /// (int64: the version), <c>fit</c> (int64: bytes of the rows' element, 4 or 8; route, 0 to 3 as <see cref="KernelApproximation"/>; rank of x; rank of y),
    /// <c>correlations</c>, <c>training</c> (correlations of the training variates), <c>s.weights</c> (functions x components) and
    /// <c>s.offsets</c> (components): a row's variates are its functions times the weights, and the offsets.</para>
    /// <para>The functions: of rows and a kernel its values against <c>s.rows</c> (rows x features, in their element: all training rows of
    /// the dense route, the landmarks of others), the kernel being <c>s.kernel</c> (int64: UTF-16 of its formula, ended by 0); of Gram matrices their columns
    /// <c>s.landmarks</c> (int64) of <c>s.training</c> (int64: training rows); of Fourier features root(scale / frequencies) times the
    /// cosines, then the sines, of a row's products with <c>s.frequencies</c> (features x frequencies), and <c>s.scale</c>.</para>
    /// </remarks>
    /// <param name="path">The file; one that is there is replaced.</param>
    /// <exception cref="NotSupportedException">A kernel is of a matrix that was given.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void Save(string path)
    {
        using NpzWriter writer = ModelArchive.Create(path, Kind, Version);
        if (_x is KernelVariates<float>) Write<float>(writer);
        else Write<double>(writer);
        writer.Complete();
    }

    /// <summary>Reads a model that <see cref="Save"/> wrote.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="DataFormatException">The file is malformed, damaged, of another kind or version, or its arrays do not fit together.</exception>
    public static KernelCanonicalCorrelation Load(string path)
    {
        using ModelArchive archive = ModelArchive.Open(path, Kind, Version);
        long[] fit = archive.Integers("fit", 4);
        if (fit[0] is not (sizeof(float) or sizeof(double))) throw archive.Error("fit", "an element of 4 or 8 bytes", $"{fit[0]}");
        if (fit[1] is < (long)KernelApproximation.Dense or > (long)KernelApproximation.Fourier) throw archive.Error("fit", "a known route", $"{fit[1]}");
        return fit[0] == sizeof(float) ? Read<float>(archive, fit) : Read<double>(archive, fit);
    }

    private static KernelCanonicalCorrelation Read<T>(ModelArchive archive, long[] fit)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        KernelApproximation approximation = (KernelApproximation)fit[1];
        if (fit[2] < 1 || fit[3] < 1) throw archive.Error("fit", "ranks of 1 or more", $"{fit[2]}, {fit[3]}");
        long components = archive.ShapeOf("correlations", 1)[0];
        if (components < 1 || components > Math.Min(fit[2], fit[3])) throw archive.Error("correlations", $"1 to {Math.Min(fit[2], fit[3])} of them, the ranks", $"{components}");
        double[] correlations = archive.Numbers("correlations", components), training = archive.Numbers("training", components);
        if (Array.Exists(correlations, r => r < 0)) throw archive.Error("correlations", "numbers of 0 or more", $"{correlations.Min()}");
        int wrong = Array.FindIndex(training, r => r is < -1 or > 1);
        if (wrong >= 0) throw archive.Error("training", "numbers from -1 to 1", $"{training[wrong]}");
        KernelVariates<T>[] sides = [.. s_sides.Select(side => KernelVariates<T>.Read(archive, side, approximation, (int)components))];
        for (int side = 0; side < 2; side++)
        {
            int functions = sides[side].Weights.Rows;
            if (fit[2 + side] > functions) throw archive.Error("fit", $"a rank of {s_sides[side]} of 1 to {functions}", $"{fit[2 + side]}");
        }

        return new(sides[0], sides[1], correlations, training, (int)fit[2], (int)fit[3], approximation);
    }

    private void Write<T>(NpzWriter writer)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        writer.Add("fit", Tensor.Create([Element.SizeOf<T>(), (long)Approximation, RankX, RankY], [4]));
        writer.Add("correlations", Tensor.Create([.. Correlations], [Components]));
        writer.Add("training", Tensor.Create([.. TrainingCorrelations], [Components]));
        ((KernelVariates<T>)_x).Write(writer, s_sides[0]);
        ((KernelVariates<T>)_y).Write(writer, s_sides[1]);
    }
}
