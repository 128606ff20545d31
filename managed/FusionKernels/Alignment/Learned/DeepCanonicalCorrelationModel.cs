using System.Numerics;
using System.Numerics.Tensors;

namespace FusionKernels;

/// <summary>A fitted deep canonical correlation.</summary>
/// <remarks>One thread at a time may use it.</remarks>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class DeepCanonicalCorrelationModel<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const string XName = "DeepCanonicalCorrelationModel.TransformX";
    private const string YName = "DeepCanonicalCorrelationModel.TransformY";

    private readonly TwoTowers<T> _towers;
    private readonly VariateMap<T>[] _variates;
    private readonly double[] _correlations;

    internal DeepCanonicalCorrelationModel(TwoTowers<T> towers, VariateMap<T>[] variates, double[] correlations, ParameterSet<T> parameters, TrainingResult training) =>
        (_towers, _variates, _correlations, Parameters, Training) = (towers, variates, correlations, parameters, training);

    /// <summary>The networks' parameters: <c>x.0.weight</c> and so on.</summary>
    public ParameterSet<T> Parameters { get; }

    /// <summary>How training went.</summary>
    public TrainingResult Training { get; }

    /// <summary>The correlations of the rows of the fit, in descending order.</summary>
    public IReadOnlyList<double> Correlations => _correlations;

    /// <summary>Variates of rows of both views.</summary>
    /// <param name="x">rows x features of the first view.</param>
    /// <param name="y">rows x features of the second view; as many rows or others.</param>
    /// <returns>rows x components of each.</returns>
    /// <exception cref="ArgumentException">The features do not fit, or an element is not finite.</exception>
    public (Tensor<T> X, Tensor<T> Y) Transform(Tensor<T> x, Tensor<T> y) => (TransformX(x), TransformY(y));

    /// <summary>Variates of rows of the first view.</summary>
    /// <inheritdoc cref="Transform"/>
    public Tensor<T> TransformX(Tensor<T> x) => _variates[0].Map(_towers.Map(x, 0, XName), XName);

    /// <summary>Variates of rows of the second view.</summary>
    /// <inheritdoc cref="Transform"/>
    public Tensor<T> TransformY(Tensor<T> y) => _variates[1].Map(_towers.Map(y, 1, YName), YName);

    /// <summary>The correlation of each pair of variates over rows that the fit may not have seen.</summary>
    /// <param name="x">rows x features of the first view; at least two rows.</param>
    /// <param name="y">rows x features of the second view; as many rows.</param>
    /// <returns>One for each component, -1 to 1; 0 where a variate does not vary.</returns>
    /// <exception cref="ArgumentException">The shapes do not fit, or an element is not finite.</exception>
    public IReadOnlyList<double> Evaluate(Tensor<T> x, Tensor<T> y)
    {
        (Tensor<T> u, Tensor<T> v) = Transform(x, y);
        if (u.Lengths[0] != v.Lengths[0] || u.Lengths[0] < 2) throw new ArgumentException($"DeepCanonicalCorrelation.Evaluate: view 'x' has {u.Lengths[0]} rows, 'y' has {v.Lengths[0]}: as many, and at least two, are needed");
        int components = (int)u.Lengths[1];
        double[] correlations = new double[components];
        for (int j = 0; j < components; j++) correlations[j] = Correlation(Column(u, j), Column(v, j));
        return correlations;
    }

    /// <summary>Writes the whole model to a safetensors file, which appears when it is complete; <see cref="DeepCanonicalCorrelation.Load"/> reads it.</summary>
    /// <param name="path">The file; one that is there is replaced.</param>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void Save(string path) => _towers.Save(
        path,
        DeepCanonicalCorrelation.Kind,
        DeepCanonicalCorrelation.Version,
        Parameters,
        Training,
        new() { ["correlations"] = SafetensorsFile.Words(_correlations) },
        _variates[0].Tensors.Concat(_variates[1].Tensors).ToDictionary());

    private static double[] Column(Tensor<T> rows, int column) => [.. Enumerable.Range(0, (int)rows.Lengths[0]).Select(row => double.CreateChecked(rows[row, column]))];

    private static double Correlation(double[] u, double[] v)
    {
        double meanU = u.Average(), meanV = v.Average(), uu = 0, vv = 0, uv = 0;
        for (int i = 0; i < u.Length; i++)
        {
            double a = u[i] - meanU, b = v[i] - meanV;
            (uu, vv, uv) = (uu + (a * a), vv + (b * b), uv + (a * b));
        }

        return uu > 0 && vv > 0 ? Math.Clamp(uv / Math.Sqrt(uu * vv), -1, 1) : 0;
    }
}
