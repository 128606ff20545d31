using System.Numerics;
using System.Numerics.Tensors;

namespace FusionKernels;

/// <summary>The share of variance that an estimate explains.</summary>
internal static class ExplainedVariance
{
    /// <summary>1 - squared errors / squared deviations from the columns' means, features taken together; NaN where nothing varies.</summary>
    public static double Of<T>(Tensor<T> measured, Tensor<T> estimated)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int width = (int)measured.Lengths[1], rows = (int)measured.Lengths[0];
        T[] values = new T[rows * width], estimates = new T[rows * width];
        measured.FlattenTo(values);
        estimated.FlattenTo(estimates);
        double[] means = new double[width];
        for (int i = 0; i < values.Length; i++) means[i % width] += double.CreateChecked(values[i]) / rows;
        double errors = 0, deviations = 0;
        for (int i = 0; i < values.Length; i++)
        {
            double value = double.CreateChecked(values[i]), error = value - double.CreateChecked(estimates[i]), deviation = value - means[i % width];
            (errors, deviations) = (errors + (error * error), deviations + (deviation * deviation));
        }

        return deviations > 0 ? 1 - (errors / deviations) : double.NaN;
    }
}
