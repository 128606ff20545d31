using System.Numerics;
using System.Numerics.Tensors;

namespace FusionKernels;

/// <summary>What was fitted, out of an archive; shapes are checked before anything is read.</summary>
/// <param name="file">The archive.</param>
/// <param name="prefix">What names begin with.</param>
internal sealed class ModelStateReader(ModelArchive file, string prefix)
{
    /// <summary>The same archive under a longer prefix.</summary>
    public ModelStateReader In(string part) => new(file, $"{prefix}{part}_");

    /// <summary>Whether there is an array.</summary>
    public bool Has(string name) => file.Has(prefix + name);

    /// <summary>Finite numbers of a shape.</summary>
    /// <exception cref="DataFormatException">They are absent, of another shape, or not finite.</exception>
    public double[] Numbers(string name, params long[] shape) => file.Numbers(prefix + name, shape);

    /// <summary>A tensor of a shape.</summary>
    /// <exception cref="DataFormatException">It is absent, of another shape, or an element is not finite in its precision.</exception>
    public Tensor<T> Elements<T>(string name, params ReadOnlySpan<int> shape)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        double[] numbers = Numbers(name, [.. shape.ToArray().Select(length => (long)length)]);
        T[] values = Array.ConvertAll(numbers, T.CreateTruncating);
        int wrong = Array.FindIndex(values, value => !T.IsFinite(value));
        return wrong < 0 ? Tensor.Create(values, [.. shape.ToArray().Select(length => (nint)length)]) : throw Error(name, $"numbers of {typeof(T).Name}", $"{numbers[wrong]} at {wrong}");
    }

    /// <summary>Integers of a shape.</summary>
    /// <exception cref="DataFormatException">They are absent, or of another shape.</exception>
    public long[] Integers(string name, params long[] shape) => file.Integers(prefix + name, shape);

    /// <summary>The length of a vector.</summary>
    /// <exception cref="DataFormatException">It is absent, or no vector.</exception>
    public long LengthOf(string name) => file.ShapeOf(prefix + name, 1)[0];

    /// <summary>Weights: 0 or more, adding up to 1.</summary>
    /// <exception cref="DataFormatException">They are none.</exception>
    public double[] Weights(string name, int count)
    {
        double[] weights = Numbers(name, count);
        return weights.All(weight => weight >= 0) && Math.Abs(weights.Sum() - 1) < 1e-6 ? weights : throw Error(name, "weights of 0 or more that add up to 1", string.Join(", ", weights.Take(6)));
    }

    /// <summary>Numbers above 0.</summary>
    /// <exception cref="DataFormatException">One is not.</exception>
    public double[] Positive(string name, int count)
    {
        double[] values = Numbers(name, count);
        return values.All(value => value > 0) ? values : throw Error(name, "numbers above 0", $"{values.Min()}");
    }

    /// <summary>An error in one array.</summary>
    public DataFormatException Error(string name, string expected, string found) => file.Error(prefix + name, expected, found);
}
