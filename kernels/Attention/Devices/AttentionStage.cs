using FusionKernels.Kernels.Engines;
using FusionKernels.Kernels.Simd;
using ILGPU;

namespace FusionKernels.Kernels.Attention.Devices;

/// <summary>What a pass over a problem, or a part of one, has on the device; disposing gives it back.</summary>
internal sealed class AttentionStage : IDisposable
{
    private readonly AcceleratorEngine _engine;
    private readonly AttentionProblem _problem;
    private readonly RunSettings _settings;
    private readonly List<IDisposable> _held = [];
    private readonly List<StagedTensor<float>> _results = [];
    private readonly AcceleratorBuffer<AttentionItem>? _items;
    private readonly AcceleratorBuffer<float>? _slopes;
    private readonly AcceleratorBuffer<int>? _flags;
    private readonly StagedTensor<float>? _bias;
    private readonly StagedTensor<bool>? _mask;

    /// <summary>Stages what every pass reads.</summary>
    /// <exception cref="DeviceOutOfMemoryException">There is no room.</exception>
    public AttentionStage(AcceleratorEngine engine, AttentionProblem problem, in AttentionOperands<float> host, AttentionResidents<float>? residents, in RunSettings settings)
    {
        (_engine, _problem, _settings) = (engine, problem, settings);
        (Host, Residents) = (host, residents);
        try
        {
            _items = Upload<AttentionItem>(AttentionItem.Of(problem));
            _flags = Upload<int>([0]);
            if (problem.Slopes is { } slopes) _slopes = Upload<float>([.. slopes.Select(slope => (float)(-slope * VectorMath.Log2OfE))]);
            _bias = Take(host.Bias, residents?.Bias ?? default, problem.QueryHeads, problem.Queries, problem.Keys, upload: true);
            if (!host.Mask.IsAbsent) _mask = Hold(StagedTensor<bool>.Of(engine, host.Mask, Extents(host.Mask, problem.QueryHeads, problem.Queries, problem.Keys), upload: true, settings));
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>Operands in host memory.</summary>
    public AttentionOperands<float> Host { get; }

    /// <summary>Operands on the device; null where they are the host's.</summary>
    public AttentionResidents<float>? Residents { get; }

    /// <summary>Whether a result was not finite.</summary>
    public ArrayView<int> Flags => _flags!.View;

    /// <summary>What changes scores.</summary>
    public RuleViews Rules => new()
    {
        Bias = _bias?.View ?? Flags.Cast<float>(),
        Mask = _mask is null ? Flags.Cast<byte>() : _mask.View.Cast<byte>(),
        Slopes = _slopes?.View ?? Flags.Cast<float>(),
        Items = _items!.View,
    };

    /// <summary>An operand of query rows to be read; without any, it may be absent.</summary>
    public StagedTensor<float> Queries(in Strided<float> host, in ResidentTensor<float>? resident, int columns) =>
        Stage(host, resident ?? default, _problem.QueryHeads, QueryRows, columns, upload: true);

    /// <summary>An operand of keys to be read; without any, it may be absent.</summary>
    public StagedTensor<float> Keys(in Strided<float> host, in ResidentTensor<float>? resident, int columns) =>
        Stage(host, resident ?? default, _problem.KeyHeads, KeyRows, columns, upload: true);

    /// <summary>A result of query rows, or of pairs, to be written; nothing where nobody asked for it.</summary>
    public StagedTensor<float>? QueryResult(in Strided<float> host, in ResidentTensor<float>? resident, int columns) =>
        Result(Take(host, resident ?? default, _problem.QueryHeads, QueryRows, columns, upload: false));

    /// <summary>A result of pairs that is added to; nothing where nobody asked for it.</summary>
    public StagedTensor<float>? PairResult(in Strided<float> host, in ResidentTensor<float>? resident) =>
        Result(Take(host, resident ?? default, _problem.QueryHeads, _problem.Queries, _problem.Keys, upload: true));

    /// <summary>A result of keys to be written.</summary>
    public StagedTensor<float>? KeyResult(in Strided<float> host, in ResidentTensor<float>? resident, int columns) =>
        Result(Take(host, resident ?? default, _problem.KeyHeads, KeyRows, columns, upload: false));

    /// <summary>Working memory.</summary>
    public AcceleratorBuffer<float> Temporary(long elements) => Hold(_engine.Rent<float>(Math.Max(1, elements), _settings.Operation));

    /// <summary>Sizes and rules of a launch but for what it computes.</summary>
    public AttentionShape Shape(AttentionOrigin origin) => new()
    {
        Width = _problem.Width,
        ValueWidth = _problem.ValueWidth,
        KeyHeads = _problem.KeyHeads,
        KeyShare = 1,
        GroupSize = Math.Max(1, _problem.GroupSize),
        Strips = 1,
        Splits = 1,
        SplitKeys = int.MaxValue,
        HeadRows = _problem.QueryStarts is null ? _problem.Queries : _problem.AllQueries,
        ItemRows = _problem.QueryStarts is null ? (long)_problem.QueryHeads * _problem.Queries : 0,
        QueryRows = _problem.QueryHeads * _problem.AllQueries,
        FirstItem = origin.Item,
        FirstHead = origin.Head,
        WindowLeft = _problem.WindowLeft,
        WindowRight = _problem.Causal == CausalAlignment.None ? _problem.WindowRight : 0,
        IsCapped = _problem.SoftCap > 0 ? 1 : 0,
        HasSlopes = _slopes is null ? 0 : 1,
        HasBias = _bias is null ? 0 : 1,
        HasMask = _mask is null ? 0 : 1,
        HasDropout = _problem.Dropout > 0 ? 1 : 0,
        Dropout = _problem.DropoutRule,
        KeepScale = Lane32.Constant(_problem.KeepScale),
        DotFactor = Lane32.Constant(ScoreRules.DotFactor(_problem)),
        CapFactor = Lane32.Constant(ScoreRules.CapFactor(_problem)),
        Bias = _bias?.Strides ?? default,
        Mask = _mask?.Strides ?? default,
    };

    /// <summary>Brings the results to their places, and tells whether all are finite.</summary>
    public bool Commit()
    {
        Span<int> flag = [0];
        _engine.Synchronize(_settings.Trace);
        _engine.Download(_flags!, 0, flag);
        foreach (StagedTensor<float> result in _results) result.Commit();
        return flag[0] == 0;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (IDisposable held in _held) held.Dispose();
    }

    private int QueryRows => _problem.QueryStarts is null ? _problem.Queries : (int)_problem.AllQueries;

    private int KeyRows => _problem.KeyStarts is null ? _problem.Keys : (int)_problem.AllKeys;

    private StagedTensor<float>? Take(in Strided<float> host, in ResidentTensor<float> resident, int heads, int rows, int columns, bool upload) =>
        host.IsAbsent && resident.IsAbsent ? null : Stage(host, resident, heads, rows, columns, upload);

    private StagedTensor<float> Stage(in Strided<float> host, in ResidentTensor<float> resident, int heads, int rows, int columns, bool upload) => Hold(resident.IsAbsent
        ? StagedTensor<float>.Of(_engine, host, Extents(host, heads, rows, columns), upload, _settings)
        : StagedTensor<float>.Resident(_engine, resident, _settings));

    private StridedExtents Extents<T>(in Strided<T> host, int heads, int rows, int columns)
        where T : unmanaged => StridedExtents.Of(host, _problem.Batch, heads, rows, columns);

    private StagedTensor<float>? Result(StagedTensor<float>? staged)
    {
        if (staged is not null) _results.Add(staged);
        return staged;
    }

    private AcceleratorBuffer<T> Upload<T>(ReadOnlySpan<T> elements)
        where T : unmanaged
    {
        AcceleratorBuffer<T> buffer = Hold(_engine.Rent<T>(Math.Max(1, elements.Length), _settings.Operation));
        if (elements.Length > 0) _engine.Upload(elements, buffer, 0);
        return buffer;
    }

    private THeld Hold<THeld>(THeld held)
        where THeld : IDisposable
    {
        _held.Add(held);
        return held;
    }
}
