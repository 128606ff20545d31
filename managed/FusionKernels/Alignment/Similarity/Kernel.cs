using System.Collections.Immutable;
using System.Numerics;
using System.Numerics.Tensors;
using FusionKernels.Kernels.Grams;
using FusionKernels.Kernels.Simd;

namespace FusionKernels;

/// <summary>A kernel function k(x, y) of two rows of features: a similarity that is a dot product in some feature space.</summary>
/// <remarks>
/// <para>Kernels compose: <c>0.5 * Kernel.Rbf(0.1) + 0.5 * Kernel.Linear()</c> is one kernel, evaluated in one pass over tiles
/// without storing its parts. <see cref="On"/> restricts a part to a range of features, so that views that stand side by side
/// fuse in one pass too. Immutable and thread-safe.</para>
/// <para>gamma defaults to 1 / d, d being the features that the kernel reads.</para>
/// </remarks>
public abstract partial class Kernel
{
    private volatile Compiled? _compiled;

    private protected Kernel()
    {
    }

    /// <summary>x.y.</summary>
    public static Kernel Linear() => new Basic("linear", GramOpCode.Linear);

    /// <summary>(gamma x.y + coef0)^degree.</summary>
    /// <param name="gamma">Factor of the dot product, above 0; null for 1 / d.</param>
    /// <param name="coef0">Added to it.</param>
    /// <param name="degree">The power, 0 or more.</param>
    /// <exception cref="ArgumentOutOfRangeException">A parameter is out of its range.</exception>
    public static Kernel Polynomial(double? gamma = null, double coef0 = 1, int degree = 3)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(degree);
        return new Basic("polynomial", GramOpCode.Polynomial, PositiveOrNull(gamma, nameof(gamma)), Finite(coef0, nameof(coef0)), degree)
        {
            Parameters = [new(nameof(gamma), gamma, Coefficient.A), new(nameof(coef0), coef0, Coefficient.B), new(nameof(degree), degree)],
        };
    }

    /// <summary>exp(-gamma |x - y|^2).</summary>
    /// <param name="gamma">Factor of the exponent, above 0; null for 1 / d.</param>
    /// <exception cref="ArgumentOutOfRangeException">gamma is not above 0.</exception>
    public static Kernel Rbf(double? gamma = null) => OfGamma("rbf", GramOpCode.Rbf, gamma);

    /// <summary>exp(-gamma |x - y|_1).</summary>
    /// <inheritdoc cref="Rbf"/>
    public static Kernel Laplacian(double? gamma = null) => OfGamma("laplacian", GramOpCode.Laplacian, gamma);

    /// <summary>exp(-gamma |x - y|_2).</summary>
    /// <inheritdoc cref="Rbf"/>
    public static Kernel Exponential(double? gamma = null) => OfGamma("exponential", GramOpCode.Exponential, gamma);

    /// <summary>|x - y|: what <see cref="DistanceCorrelation"/> centres.</summary>
    internal static Kernel Distance() => new Basic("distance", GramOpCode.Distance, 1);

    /// <summary>tanh(gamma x.y + coef0); not positive semi-definite for every choice of parameters.</summary>
    /// <param name="gamma">Factor of the dot product, above 0; null for 1 / d.</param>
    /// <param name="coef0">Added to it.</param>
    /// <exception cref="ArgumentOutOfRangeException">A parameter is out of its range.</exception>
    public static Kernel Sigmoid(double? gamma = null, double coef0 = 1) =>
        new Basic("sigmoid", GramOpCode.Sigmoid, PositiveOrNull(gamma, nameof(gamma)), Finite(coef0, nameof(coef0)))
        {
            Parameters = [new(nameof(gamma), gamma, Coefficient.A), new(nameof(coef0), coef0, Coefficient.B)],
        };

    /// <summary>x.y / (|x| |y|); 0 where either row is zero.</summary>
    public static Kernel Cosine() => new Basic("cosine", GramOpCode.Cosine);

    /// <summary>exp(-gamma sum (x - y)^2 / (x + y)), 0 / 0 being 0; for features of 0 or more.</summary>
    /// <param name="gamma">Factor of the exponent, above 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">gamma is not above 0.</exception>
    public static Kernel ChiSquared(double gamma = 1) => OfGamma("chi2", GramOpCode.ChiSquared, gamma);

    /// <summary>-sum (x - y)^2 / (x + y), 0 / 0 being 0; for features of 0 or more. Conditionally positive definite.</summary>
    public static Kernel AdditiveChiSquared() => new Basic("additive-chi2", GramOpCode.AdditiveChiSquared);

    /// <summary>The Matern kernel (Rasmussen and Williams 2006, eq. 4.17).</summary>
    /// <param name="nu">Smoothness: 0.5, 1.5 or 2.5.</param>
    /// <param name="lengthScale">The distance over which similarity falls, above 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">A parameter is out of its range.</exception>
    public static Kernel Matern(double nu = 1.5, double lengthScale = 1)
    {
        Positive(lengthScale, nameof(lengthScale));
        Parameter[] parameters = [new(nameof(nu), nu), new(nameof(lengthScale), lengthScale, Coefficient.A)];
        return nu switch
        {
            0.5 => new Basic("matern", GramOpCode.Exponential, 1 / lengthScale) { Parameters = parameters },
            1.5 => new Basic("matern", GramOpCode.Matern32, Math.Sqrt(3) / lengthScale) { Parameters = parameters },
            2.5 => new Basic("matern", GramOpCode.Matern52, Math.Sqrt(5) / lengthScale) { Parameters = parameters },
            _ => throw new ArgumentOutOfRangeException(nameof(nu), nu, "nu must be 0.5, 1.5 or 2.5"),
        };
    }

    /// <summary>(1 + |x - y|^2 / (2 alpha l^2))^-alpha.</summary>
    /// <param name="alpha">The mixture of length scales, above 0.</param>
    /// <param name="lengthScale">l, above 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">A parameter is out of its range.</exception>
    public static Kernel RationalQuadratic(double alpha = 1, double lengthScale = 1)
    {
        Positive(alpha, nameof(alpha));
        Positive(lengthScale, nameof(lengthScale));
        return new Basic("rational-quadratic", GramOpCode.RationalQuadratic, alpha, 1 / (2 * alpha * lengthScale * lengthScale))
        {
            Parameters = [new(nameof(alpha), alpha, Coefficient.A), new(nameof(lengthScale), lengthScale, Coefficient.B)],
        };
    }

    /// <summary>exp(-2 sum sin^2(pi (x - y) / p) / l^2).</summary>
    /// <param name="period">p, above 0.</param>
    /// <param name="lengthScale">l, above 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">A parameter is out of its range.</exception>
    public static Kernel Periodic(double period = 1, double lengthScale = 1)
    {
        Positive(period, nameof(period));
        Positive(lengthScale, nameof(lengthScale));
        return new Basic("periodic", GramOpCode.Periodic, 2 / (lengthScale * lengthScale), 1 / period)
        {
            Parameters = [new(nameof(period), period, Coefficient.B), new(nameof(lengthScale), lengthScale, Coefficient.A)],
        };
    }

    /// <summary>The values of a matrix that the caller has: rows x columns of the Gram matrix that is asked for.</summary>
    /// <typeparam name="T">The element, which the computation must share.</typeparam>
    /// <param name="values">The matrix; read, not copied: leave it as it is while the kernel is in use. A symmetric computation reads its upper half.</param>
    /// <exception cref="ArgumentException">The tensor is no matrix.</exception>
    public static Kernel Precomputed<T>(Tensor<T> values)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(values);
        if (values.Rank != 2) throw new ArgumentException($"'{nameof(values)}' is {Shape.Of(values.Lengths)}; a matrix (rows x columns) is needed", nameof(values));
        return new Given<T>(values);
    }

    /// <summary>The sum of two kernels.</summary>
    public static Kernel operator +(Kernel left, Kernel right) => new Combined(GramOpCode.Add, left, right);

    /// <summary>The product of two kernels.</summary>
    public static Kernel operator *(Kernel left, Kernel right) => new Combined(GramOpCode.Multiply, left, right);

    /// <summary>A kernel times a weight.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The weight is not finite.</exception>
    public static Kernel operator *(double weight, Kernel kernel) => new Changed(GramOpCode.Scale, kernel, Finite(weight, nameof(weight)));

    /// <summary>The same kernel of some of the features.</summary>
    /// <param name="features">The range; within the range of an enclosing <see cref="On"/>.</param>
    public Kernel On(Range features) => new Restricted(this, features);

    /// <summary>k(x, y) / sqrt(k(x, x) k(y, y)): 1 on the diagonal, 0 where either is 0.</summary>
    public Kernel Normalized() => new Changed(GramOpCode.Normalise, this, 0);

    /// <summary>
    /// Centred in feature space by the means of the columns' set: of x against itself by x, of new rows against training rows by
    /// the training rows. Costs a second evaluation, whose values are averaged and not stored.
    /// </summary>
    public Kernel Centered() => new Changed(GramOpCode.Centre, this, 0);

    /// <summary>The formula, with the parameters that are not defaults.</summary>
    public abstract override string ToString();

    /// <summary>The steps for rows of so many features, and the given matrices they read.</summary>
    /// <exception cref="ArgumentException">A range of features does not lie within the features, or the kernel is nested too deep.</exception>
    internal Compiled Compile(int features)
    {
        Compiled? compiled = _compiled;
        if (compiled is null || compiled.Features != features)
        {
            Compiler compiler = new(features);
            Append(compiler, 0, features);
            _compiled = compiled = new(features, new GramProgram([.. compiler.Ops]), [.. compiler.Parts], [.. compiler.Given]);
        }

        return compiled;
    }

    /// <summary>The steps for rows of so many features of one element, which holds every parameter.</summary>
    /// <exception cref="ArgumentException">A parameter is beyond the range of the element; or as for <see cref="Compile(int)"/>.</exception>
    internal Compiled Compile<T>(int features)
        where T : unmanaged
    {
        Compiled compiled = Compile(features);
        for (int step = 0; step < compiled.Parts.Length; step++)
        {
            GramOp op = compiled.Program.Ops[step];
            bool holdsA = op.HoldsA<T>();
            if (holdsA && op.HoldsB<T>()) continue;
            Kernel part = compiled.Parts[step];
            throw new ArgumentException(
                $"{part}: {part.ParameterOf(isA: !holdsA)} leads beyond the range of {Element.NameOf<T>()}: choose a moderate value{(typeof(T) == typeof(float) ? " or use float64" : "")}");
        }

        return compiled;
    }

    private protected abstract void Append(Compiler compiler, int first, int features);

    /// <summary>The parameter that decides the first or the second coefficient of the kernel's own step, with its value.</summary>
    private protected virtual string ParameterOf(bool isA) => ToString();

    private static Basic OfGamma(string name, GramOpCode code, double? gamma) =>
        new(name, code, PositiveOrNull(gamma, nameof(gamma))) { Parameters = [new(nameof(gamma), gamma, Coefficient.A)] };

    private static double? PositiveOrNull(double? value, string name) => value is { } given ? Positive(given, name) : null;

    private static double Positive(double value, string name) => double.IsFinite(value) && value > 0
        ? value
        : throw new ArgumentOutOfRangeException(name, value, $"{name} must be a finite number above 0");

    private static double Finite(double value, string name) => double.IsFinite(value)
        ? value
        : throw new ArgumentOutOfRangeException(name, value, $"{name} must be a finite number");

    /// <summary>A kernel for rows of so many features.</summary>
    /// <param name="Features">Features of a row.</param>
    /// <param name="Program">The steps.</param>
    /// <param name="Parts">By step: the kernel that it is of.</param>
    /// <param name="Given">Given matrices, by number.</param>
    internal sealed record Compiled(int Features, GramProgram Program, ImmutableArray<Kernel> Parts, ImmutableArray<object> Given);

    /// <summary>Collects steps and given matrices.</summary>
    private protected sealed class Compiler(int features)
    {
        public List<GramOp> Ops { get; } = [];

        public List<Kernel> Parts { get; } = [];

        public List<object> Given { get; } = [];

        public int Features => features;

        public void Add(Kernel part, in GramOp op)
        {
            Ops.Add(op);
            Parts.Add(part);
        }
    }
}
