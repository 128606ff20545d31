using System.Globalization;
using System.Numerics;
using System.Numerics.Tensors;
using static FusionKernels.Cli.KernelParameter;

namespace FusionKernels.Cli;

/// <summary>A kernel by its name, and the parameters that it takes.</summary>
/// <param name="Name">The name.</param>
/// <param name="Formula">The formula, for the help.</param>
/// <param name="Parameters">The parameters it takes.</param>
/// <param name="Create">Makes it.</param>
internal sealed record KernelChoice(string Name, string Formula, IReadOnlyList<KernelParameter> Parameters, Func<KernelParameters, Kernel> Create)
{
    /// <summary>The name of the kernel that is read from X instead of computed from its rows.</summary>
    public const string Precomputed = "precomputed";

    /// <summary>The kernels that are computed from rows, in the order of the documentation.</summary>
    public static IReadOnlyList<KernelChoice> All { get; } =
    [
        new("linear", "x.y", [], _ => Kernel.Linear()),
        new("polynomial", "(gamma x.y + coef0)^degree", [Gamma, Coef0, Degree], p => Kernel.Polynomial(p[Gamma], p[Coef0] ?? 1, (int)(p[Degree] ?? 3))),
        new("rbf", "exp(-gamma |x-y|^2)", [Gamma], p => Kernel.Rbf(p[Gamma])),
        new("laplacian", "exp(-gamma |x-y|_1)", [Gamma], p => Kernel.Laplacian(p[Gamma])),
        new("exponential", "exp(-gamma |x-y|)", [Gamma], p => Kernel.Exponential(p[Gamma])),
        new("sigmoid", "tanh(gamma x.y + coef0)", [Gamma, Coef0], p => Kernel.Sigmoid(p[Gamma], p[Coef0] ?? 1)),
        new("cosine", "x.y / (|x||y|)", [], _ => Kernel.Cosine()),
        new("chi2", "exp(-gamma sum (x-y)^2/(x+y))", [Gamma], p => Kernel.ChiSquared(p[Gamma] ?? 1)),
        new("additive-chi2", "-sum (x-y)^2/(x+y)", [], _ => Kernel.AdditiveChiSquared()),
        new("matern", "Matern of nu 0.5, 1.5 or 2.5", [Nu, LengthScale], p => Kernel.Matern(p[Nu] ?? 1.5, p[LengthScale] ?? 1)),
        new(
            "rational-quadratic",
            "(1 + |x-y|^2/(2 alpha l^2))^-alpha",
            [Alpha, LengthScale],
            p => Kernel.RationalQuadratic(p[Alpha] ?? 1, p[LengthScale] ?? 1)),
        new(
            "periodic",
            "exp(-2 sum sin^2(pi (x-y)/period)/l^2)",
            [Period, LengthScale],
            p => Kernel.Periodic(p[Period] ?? 1, p[LengthScale] ?? 1)),
    ];

    /// <summary>Every name that <c>--kernel</c> understands.</summary>
    public static IEnumerable<string> Names => All.Select(one => one.Name).Append(Precomputed);

    /// <summary>Makes the kernel of a name, to be computed in an element.</summary>
    /// <exception cref="UsageException">There is no such kernel, it does not take a parameter that was given, or the value is out of its range or the element's.</exception>
    public static Kernel Make<T>(string name, KernelParameters parameters)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        KernelChoice choice = Find(name);
        foreach (KernelParameter given in parameters.Given)
        {
            if (!choice.Parameters.Contains(given)) throw Unknown(name, given, choice.Parameters);
        }

        if (parameters[Degree] is { } degree && (degree != Math.Floor(degree) || Math.Abs(degree) > int.MaxValue))
        {
            throw new UsageException(string.Create(CultureInfo.InvariantCulture, $"--degree {degree}: a whole number is needed"));
        }

        try
        {
            Kernel kernel = choice.Create(parameters);
            kernel.Compile<T>(features: 1); // of what was typed, nothing depends on sizes
            return kernel;
        }
        catch (ArgumentException exception)
        {
            throw new UsageException($"{name}: {Failure.WithoutParameter(exception)}");
        }
    }

    /// <summary>Whether the kernel is read from X.</summary>
    public static bool IsPrecomputed(string name) => name.Equals(Precomputed, StringComparison.OrdinalIgnoreCase);

    /// <summary>The kernel that is the matrix itself.</summary>
    /// <exception cref="DataException">The matrix is not square.</exception>
    public static Kernel OfMatrix<T>(string path, Tensor<T> matrix)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => matrix.Lengths[0] == matrix.Lengths[1]
            ? Kernel.Precomputed(matrix)
            : throw new DataException($"{path} is {matrix.Lengths[0]} x {matrix.Lengths[1]}; a precomputed kernel is as wide as it is high");

    /// <summary>Checks the parameters of the precomputed kernel: it has none.</summary>
    /// <exception cref="UsageException">Some were typed.</exception>
    public static void RequireNone(KernelParameters parameters)
    {
        foreach (KernelParameter given in parameters.Given) throw Unknown(Precomputed, given, []);
    }

    private static KernelChoice Find(string name) =>
        All.FirstOrDefault(one => one.Name.Equals(name, StringComparison.OrdinalIgnoreCase))
        ?? throw new UsageException(
            NearestName.Of(name, Names) is { } nearest
                ? $"'{name}' is no kernel; did you mean '{nearest}'?"
                : $"'{name}' is no kernel; there are {string.Join(", ", Names)}");

    private static UsageException Unknown(string name, KernelParameter given, IReadOnlyList<KernelParameter> taken) => new(
        $"the {name} kernel does not take {KernelParameters.OptionName(given)}; it takes "
        + (taken.Count == 0 ? "no parameters" : string.Join(", ", taken.Select(KernelParameters.OptionName))));
}
