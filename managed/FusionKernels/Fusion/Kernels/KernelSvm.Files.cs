using FusionKernels.Kernels.Fusion;

namespace FusionKernels;

/// <content>Machines in the files of models.</content>
public sealed partial class KernelSvm
{
    /// <summary>Writes coefficients, biases and sigmoids.</summary>
    internal void Write(ModelStateWriter file)
    {
        file.Add("coefficients", _coefficients, TrainingRows, _biases.Length);
        file.Add("biases", _biases);
        file.Add("search", [Objective, Gap]);
        file.Add("iterations", Iterations);
        if (_sigmoids is not null) file.Add("sigmoids", [.. _sigmoids.SelectMany(one => (double[])[one.A, one.B])], _sigmoids.Length, 2);
    }

    /// <summary>Reads machines of some classes.</summary>
    internal static KernelSvm Read(ModelStateReader file, int[] classes, int rows)
    {
        int pairs = classes.Length * (classes.Length - 1) / 2;
        double[]? sigmoids = file.Has("sigmoids") ? file.Numbers("sigmoids", pairs, 2) : null;
        double[] search = file.Numbers("search", 2);
        return new(
            classes, rows, file.Numbers("coefficients", rows, pairs), file.Numbers("biases", pairs),
            sigmoids is null ? null : [.. Enumerable.Range(0, pairs).Select(pair => new PlattSigmoid(sigmoids[2 * pair], sigmoids[(2 * pair) + 1]))])
        {
            Objective = search[0],
            Gap = search[1],
            Iterations = file.Integers("iterations", 1)[0],
        };
    }
}
