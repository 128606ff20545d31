using System.Numerics;
using System.Numerics.Tensors;

namespace FusionKernels;

/// <summary>The fused Gram matrix of training rows: whole, or by its columns at landmarks.</summary>
/// <typeparam name="T">The element.</typeparam>
internal sealed class FusedMatrix<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly Tensor<T> _columns;
    private readonly NystromFactor? _factor;

    /// <summary>The whole matrix.</summary>
    public FusedMatrix(Tensor<T> gram) => _columns = gram;

    /// <summary>The matrix by its columns at landmarks.</summary>
    /// <param name="columns">rows x landmarks.</param>
    /// <param name="factor">What was made of them.</param>
    public FusedMatrix(Tensor<T> columns, NystromFactor factor) => (_columns, _factor) = (columns, factor);

    /// <summary>Machines.</summary>
    public KernelSvm Machines(int[] labels, KernelSvmOptions options) => _factor is null ? KernelSvm.Fit(_columns, labels, options) : KernelSvm.Fit(_factor, labels, options);

    /// <summary>Ridge regression on targets.</summary>
    public KernelRidge Ridge(Tensor<double> targets, double ridge, ExecutionOptions host) => _factor is null ? KernelRidge.Fit(_columns, targets, ridge, host) : KernelRidge.Fit(_factor, targets, ridge, host);

    /// <summary>Ridge regression on classes.</summary>
    public KernelRidgeClassifier RidgeOfClasses(int[] labels, double ridge, ExecutionOptions host) =>
        _factor is null ? KernelRidgeClassifier.Fit(_columns, labels, ridge, host) : KernelRidgeClassifier.Fit(_factor, labels, ridge, host);

    /// <summary>Decision values of rows by a regression on the classes of the rest.</summary>
    public Tensor<double> HeldOut(int[] rest, int[] labels, int[] held, double ridge, ExecutionOptions host)
    {
        if (_factor is null) return KernelRidgeClassifier.Fit(GramPart.Take(_columns, rest, rest), labels, ridge, host).DecisionValues(GramPart.Take(_columns, held, rest), host);
        return KernelRidgeClassifier.Fit(_factor.Take(rest), labels, ridge, host).DecisionValues(GramPart.Rows(_columns, held), host);
    }

    /// <summary>A Gaussian process of its likeliest noise.</summary>
    public GaussianProcess Process(Tensor<double> targets, ExecutionOptions host) => _factor is null ? GaussianProcess.Fit(_columns, targets, null, host) : GaussianProcess.Fit(_factor, targets, null, host);

    /// <summary>A Gaussian process of classes by Laplace's approximation.</summary>
    public GaussianProcessClassifier Laplace(int[] labels, ExecutionOptions host)
    {
        GaussianProcessClassifierOptions options = new() { Device = host.Device, Threads = host.Threads, Cancellation = host.Cancellation, Report = host.Report };
        return _factor is null ? GaussianProcessClassifier.Fit(_columns, labels, options) : GaussianProcessClassifier.Fit(_factor, labels, options);
    }
}
