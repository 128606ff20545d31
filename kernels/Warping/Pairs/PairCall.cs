using System.Diagnostics;
using FusionKernels.Kernels.Engines;

namespace FusionKernels.Kernels.Warping.Pairs;

/// <summary>Work on one pair, as an engine runs it: on series, or on given point costs.</summary>
/// <typeparam name="T">The element.</typeparam>
/// <typeparam name="TWork">The work.</typeparam>
internal readonly struct PairCall<T, TWork> : IEngineCall
    where T : unmanaged
    where TWork : struct, IPairWork<T>
{
    private readonly WarpingProblem _problem;
    private readonly RunSettings _settings;
    private readonly SeriesPack<T>[] _x = [];
    private readonly SeriesPack<T>[] _y = [];
    private readonly Operand<T> _costs;

    /// <summary>Work on two series: once, or once for every channel where channels are aligned on their own.</summary>
    /// <exception cref="ArgumentException">The channels differ.</exception>
    public PairCall(WarpingProblem problem, SeriesPack<T> x, int i, SeriesPack<T> y, int j, TWork work, in RunSettings settings)
    {
        if (x.Channels != y.Channels)
        {
            throw new ArgumentException($"{settings.Operation}: x has {x.Channels} channels, y {y.Channels}: both need the same channels in the same order");
        }

        (_problem, _settings) = (problem, settings);
        (_x, _y) = (Parts(x, i, problem), Parts(y, j, problem));
        Works = new TWork[_x.Length];
        Array.Fill(Works, work);
    }

    /// <summary>Work on point costs.</summary>
    public PairCall(WarpingProblem problem, in Operand<T> costs, TWork work, in RunSettings settings)
    {
        (_problem, _settings, _costs) = (problem, settings, costs);
        Works = [work];
    }

    /// <summary>The work; with its results once run.</summary>
    public TWork[] Works { get; }

    /// <inheritdoc/>
    public string Operation => _settings.Operation;

    /// <inheritdoc/>
    public void OnHost(HostEngine engine)
    {
        long started = Stopwatch.GetTimestamp();
        for (int part = 0; part < Works.Length; part++)
        {
            if (_x.Length == 0) PairDispatch.Run(engine, _problem, _costs, _settings, ref Works[part]);
            else PairDispatch.Run(engine.Width, _problem, _x[part], 0, _y[part], 0, ref Works[part]);
        }

        _settings.Trace?.Computed(started, 1);
    }

    /// <inheritdoc/>
    public void OnAccelerator(AcceleratorEngine engine)
    {
        WarpingProblem part = _problem with { Finish = WarpingFinish.None, Independent = false };
        for (int i = 0; i < Works.Length; i++)
        {
            Works[i].RunOn(engine, part, _x.Length == 0 ? null : _x[i], _x.Length == 0 ? null : _y[i], _costs);
        }
    }

    /// <summary>One series, prepared: channel by channel where channels are aligned on their own.</summary>
    private static SeriesPack<T>[] Parts(SeriesPack<T> series, int index, WarpingProblem problem)
    {
        SeriesPack<T> one = new([series.Lengths[index]], series.Channels);
        series[index].CopyTo(one.Values);
        return SeriesPreparation.Parts(one, problem);
    }
}
