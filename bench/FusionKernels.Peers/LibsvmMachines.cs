using FusionKernels.Bench;

namespace FusionKernels.Peers;

/// <summary>libsvm on a ready Gram matrix, what scikit-learn's SVC(kernel="precomputed") calls; on one thread, as it is.</summary>
internal sealed class LibsvmMachines : Contestant
{
    /// <summary>The contestant's name.</summary>
    public const string Title = "libsvm svm_train";

    private readonly double[] _decisions = new double[KernelSvmCase.Pairs];
    private nint _machines;
    private int _row = -1;

    /// <summary>Hands the matrix over, which is not timed.</summary>
    /// <exception cref="DllNotFoundException">The library was not compiled.</exception>
    public LibsvmMachines(KernelSvmCase ours)
    {
        CompiledPeers.Require(Libsvm.Library, Libsvm.SourceVariable);
        _machines = Libsvm.Prepare(ours.Elements(), ours.Rows, ours.Labels);
    }

    /// <inheritdoc/>
    public override string Name => Title;

    /// <inheritdoc/>
    public override void Run()
    {
        Libsvm.Train(_machines, cost: 10, tolerance: 1e-3);
        _row = -1;
    }

    /// <inheritdoc/>
    public override double At(int row, int column)
    {
        if (row != _row) Libsvm.Decide(_machines, row, _decisions);
        _row = row;
        return _decisions[column];
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        if (_machines != 0) Libsvm.Free(_machines);
        _machines = 0;
    }
}
