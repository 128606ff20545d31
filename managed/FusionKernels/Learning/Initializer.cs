using System.Numerics;

namespace FusionKernels;

/// <summary>Initial values of parameters: drawn on the host in float64, a function of seed, number of the parameter and place alone.</summary>
public abstract record Initializer
{
    /// <summary>Zeros.</summary>
    public static Initializer Zeros { get; } = new ConstantInitializer(0);

    /// <summary>Ones.</summary>
    public static Initializer Ones { get; } = new ConstantInitializer(1);

    /// <summary>Uniform within sqrt(6 / (inputs + outputs)), for tanh and sigmoid (Glorot and Bengio 2010).</summary>
    public static Initializer Glorot { get; } = new ScaledInitializer((inputs, outputs) => Math.Sqrt(6.0 / (inputs + outputs)), IsNormal: false);

    /// <summary>Normal with standard deviation sqrt(2 / inputs), for ReLU and its kin (He et al. 2015).</summary>
    public static Initializer He { get; } = new ScaledInitializer((inputs, _) => Math.Sqrt(2.0 / inputs), IsNormal: true);

    /// <summary>The same number everywhere.</summary>
    public static Initializer Constant(double value) => new ConstantInitializer(value);

    /// <summary>Normal with mean 0.</summary>
    /// <param name="deviation">The standard deviation, 0 or more.</param>
    public static Initializer Normal(double deviation) => new ScaledInitializer((_, _) => deviation, IsNormal: true);

    /// <summary>Uniform from -bound to bound.</summary>
    /// <param name="bound">The bound, 0 or more.</param>
    public static Initializer Uniform(double bound) => new ScaledInitializer((_, _) => bound, IsNormal: false);

    /// <summary>The values of a shape; of a matrix, outputs x inputs.</summary>
    internal abstract T[] Draw<T>(ReadOnlySpan<int> lengths, ulong seed, uint number)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>;

    private static int Product(ReadOnlySpan<int> lengths)
    {
        int product = 1;
        foreach (int length in lengths) product = checked(product * length);
        return product;
    }

    private sealed record ConstantInitializer(double Value) : Initializer
    {
        internal override T[] Draw<T>(ReadOnlySpan<int> lengths, ulong seed, uint number)
        {
            T[] values = new T[Product(lengths)];
            Array.Fill(values, T.CreateChecked(Value));
            return values;
        }
    }

    private sealed record ScaledInitializer(Func<int, int, double> Scale, bool IsNormal) : Initializer
    {
        internal override T[] Draw<T>(ReadOnlySpan<int> lengths, ulong seed, uint number)
        {
            int inputs = lengths.Length == 0 ? 1 : lengths[^1], outputs = lengths.Length < 2 ? 1 : lengths[0];
            double scale = Scale(inputs, outputs);
            T[] values = new T[Product(lengths)];
            for (int i = 0; i < values.Length; i++) values[i] = T.CreateChecked(scale * (IsNormal ? SeededNumbers.Normal(i, number, 0, Stream, seed) : (2 * SeededNumbers.Uniform(i, number, 0, Stream, seed)) - 1));
            return values;
        }

        /// <summary>What tells initial values from everything else that is drawn under one seed.</summary>
        private const uint Stream = 0x696E6974;
    }
}
