using FusionKernels.Bench;
using TorchSharp;
using TorchSharp.Modules;

namespace FusionKernels.Peers;

/// <summary>libtorch's epoch of the same deep canonical correlation: singular values of the whitened cross-covariance, gradients by its own differentiation.</summary>
internal sealed class TorchDeepCorrelation : Contestant
{
    /// <summary>The contestant's name.</summary>
    public const string Title = "libtorch deep CCA epoch";

    private readonly DeepCorrelationCase _ours;
    private readonly Linear[][] _towers;
    private readonly torch.Tensor[] _views;
    private readonly torch.Tensor _ridge;
    private readonly torch.optim.Optimizer _optimizer;

    /// <summary>Copies rows and weights.</summary>
    public TorchDeepCorrelation(DeepCorrelationCase ours, int threads)
    {
        torch.set_num_threads(threads);
        _ours = ours;
        _views = [.. Enumerable.Range(0, 2).Select(view => torch.tensor(ours.Views[view], [ours.Rows, ours.Widths[view][0]]))];
        _towers = [.. Enumerable.Range(0, 2).Select(view => TorchPerceptron.Layers(ours.Parameters, $"{DeepCorrelationCase.Towers[view]}.", ours.Widths[view]))];
        _ridge = torch.eye(DeepCorrelationCase.Components) * DeepCorrelationCase.Ridge;
        _optimizer = torch.optim.Adam(_towers.SelectMany(tower => tower).SelectMany(layer => layer.parameters()), PerceptronCase.LearningRate);
    }

    /// <inheritdoc/>
    public override string Name => Title;

    /// <inheritdoc/>
    public override void Run()
    {
        for (int first = 0; first < _ours.Rows; first += _ours.Batch)
        {
            using DisposeScope scope = torch.NewDisposeScope();
            _optimizer.zero_grad();
            torch.Tensor a = Centred(0, first), b = Centred(1, first);
            Loss(a, b, _ridge, _ridge).backward();
            _optimizer.step();
        }
    }

    /// <inheritdoc/>
    public override double At(int row, int column) => _towers[0][^1].weight!.grad![row, column].item<float>();

    /// <inheritdoc/>
    public override void Dispose()
    {
        _optimizer.Dispose();
        _ridge.Dispose();
        foreach (torch.Tensor view in _views) view.Dispose();
        foreach (Linear layer in _towers.SelectMany(tower => tower)) layer.Dispose();
    }

    private torch.Tensor Centred(int view, int first)
    {
        torch.Tensor y = _views[view].narrow(0, first, _ours.Batch);
        for (int i = 0; i < _towers[view].Length; i++)
        {
            y = _towers[view][i].forward(y);
            if (i + 1 < _towers[view].Length) y = torch.tanh(y);
        }

        return y - y.mean([0]);
    }

    /// <summary>Minus the sum of all correlations of centred rows.</summary>
    public static torch.Tensor Loss(torch.Tensor a, torch.Tensor b, torch.Tensor ridgeA, torch.Tensor ridgeB)
    {
        torch.Tensor lowerA = torch.linalg.cholesky(Covariance(a, a) + ridgeA), lowerB = torch.linalg.cholesky(Covariance(b, b) + ridgeB);
        torch.Tensor half = torch.linalg.solve_triangular(lowerA, Covariance(a, b), upper: false);
        return -torch.linalg.svdvals(torch.linalg.solve_triangular(lowerB, half.transpose(0, 1), upper: false)).sum();
    }

    private static torch.Tensor Covariance(torch.Tensor a, torch.Tensor b) => a.transpose(0, 1).matmul(b) / (a.shape[0] - 1);
}
