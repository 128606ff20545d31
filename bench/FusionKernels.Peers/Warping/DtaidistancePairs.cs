using FusionKernels.Bench;

namespace FusionKernels.Peers;

/// <summary>dtaidistance's C over a part of the series: all of them would take minutes. It computes in float64.</summary>
internal sealed class DtaidistancePairs : RatedContestant
{
    /// <summary>The contestant's name.</summary>
    public const string Title = "dtaidistance C";

    private const int MostSeries = 100;

    private readonly WarpingPairs _pairs;
    private readonly int _threads;
    private readonly int _series;
    private readonly double[] _rows;
    private readonly double[] _distances;

    /// <summary>Takes the first series.</summary>
    /// <exception cref="DllNotFoundException">The library was not compiled.</exception>
    public DtaidistancePairs(WarpingPairs pairs, int threads)
    {
        CompiledPeers.Require(Dtaidistance.Library, Dtaidistance.SourceVariable);
        (_pairs, _threads) = (pairs, threads);
        _series = Math.Min(MostSeries, pairs.Series);
        _rows = [.. pairs.Rows.Take(_series * pairs.Length).Select(value => (double)value)];
        _distances = new double[_series * (_series - 1) / 2];
    }

    /// <inheritdoc/>
    public override string Name => Title;

    /// <inheritdoc/>
    public override string Part => $"{_series} series, float64";

    /// <inheritdoc/>
    public override double Units => _pairs.Cells(_series) / 1e9;

    /// <inheritdoc/>
    public override void Run()
    {
        if (_threads == 1) Compute(0, _series - 1);
        else Parallel.For(0, _series - 1, new() { MaxDegreeOfParallelism = _threads }, row => Compute(row, row + 1));
    }

    /// <inheritdoc/>
    public override double MaxError() => Samples.MaxError(_series, _series, At, _pairs.Reference);

    /// <summary>Does nothing: the garbage collector has the memory.</summary>
    public override void Dispose()
    {
    }

    private void Compute(int first, int last) =>
        Dtaidistance.Distances(_rows, _series, _pairs.Length, (_pairs.Radius + 1) ?? 0, first, last, ref _distances[Index(first, first + 1)]);

    private double At(int row, int column) => row == column ? 0 : _distances[Index(Math.Min(row, column), Math.Max(row, column))];

    /// <summary>Where the distance of a row and a later one is kept.</summary>
    private int Index(int row, int column) => (row * ((2 * _series) - row - 1) / 2) + column - row - 1;
}
