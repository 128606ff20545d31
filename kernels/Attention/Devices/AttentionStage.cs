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
    private readonly DevicePages? _pages;
    private readonly AcceleratorBuffer<int>? _pageNumbers;

    /// <summary>Stages what every pass reads.</summary>
    /// <exception cref="DeviceOutOfMemoryException">There is no room.</exception>
    public AttentionStage(
        AcceleratorEngine engine, AttentionProblem problem, in AttentionOperands<float> host, AttentionResidents<float>? residents, in RunSettings settings, DevicePages? pages = null)
    {
        (_engine, _problem, _settings, _pages) = (engine, problem, settings, pages);
        (Host, Residents) = (host, residents);
        try
        {
            int[]? firstPages = null;
            if (pages is not null) _pageNumbers = Upload<int>(pages.Numbers(out firstPages));
            _items = Upload<AttentionItem>(AttentionItem.Of(problem, firstPages));
            _flags = Upload<int>([0, 0]);
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

    /// <summary>Pages of all items; any valid view where there are none.</summary>
    public ArrayView<int> Pages => _pageNumbers?.View ?? Flags;

    /// <summary>What changes scores.</summary>
    public RuleViews Rules => new()
    {
        Bias = _bias?.View ?? Flags.Cast<float>(),
        Mask = _mask is null ? Flags.Cast<byte>() : _mask.View.Cast<byte>(),
        Slopes = _slopes?.View ?? Flags.Cast<float>(),
        Kept = Flags.Cast<byte>(),
        Items = _items!.View,
    };

    /// <summary>An operand of query rows to be read; without any, it may be absent.</summary>
    public StagedTensor<float> Queries(in Strided<float> host, in ResidentTensor<float>? resident, int columns) =>
        Stage(host, resident ?? default, _problem.QueryHeads, QueryRows, columns, upload: true);

    /// <summary>The queries.</summary>
    public StoredOperand Query => Store(Host.Query, Residents?.Query ?? default, _problem.QueryHeads, QueryRows, _problem.Width);

    /// <summary>The keys.</summary>
    public StoredOperand Key => _pages?.Keys ?? Store(Host.Key, Residents?.Key ?? default, _problem.KeyHeads, KeyRows, _problem.Width);

    /// <summary>The values.</summary>
    public StoredOperand Value => _pages?.Values ?? Store(Host.Value, Residents?.Value ?? default, _problem.KeyHeads, KeyRows, _problem.ValueWidth);

    /// <summary>A result of query rows to be written; nothing where nobody asked for it.</summary>
    public StagedTensor<float>? QueryResult(in Strided<float> host, in ResidentTensor<float>? resident, int columns) =>
        Result(Take(host, resident ?? default, _problem.QueryHeads, QueryRows, columns, upload: false));

    /// <summary>A result of pairs, to be written or added to; nothing where nobody asked for it.</summary>
    public StagedTensor<float>? PairResult(in Strided<float> host, in ResidentTensor<float>? resident, bool isAddedTo) =>
        Result(Take(host, resident ?? default, _problem.QueryHeads, _problem.Queries, _problem.Keys, isAddedTo));

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
        BlockAlign = 4,
        PageRows = _pages?.PageRows ?? 0,
        PageElements = _pages?.PageElements ?? 0,
    };

    /// <summary>Lets a launch begin its blocks at multiples of a tile where mask or pages ask for it, and looks through the mask for blocks to pass over.</summary>
    /// <param name="tile">The tile: rows of queries by columns of keys.</param>
    /// <param name="shape">The launch; heads and what shares them are set.</param>
    /// <param name="rules">What changes scores.</param>
    public void Align(TileForm tile, ref AttentionShape shape, ref RuleViews rules)
    {
        if (_mask is null && _pages is null) return;
        shape.BlockAlign = tile.Columns;
        if (_mask is null) return;
        int rows = _problem.Queries * shape.GroupSize;
        MaskShape mask = new()
        {
            Mask = shape.Mask,
            Heads = shape.Mask.Head == 0 ? 1 : shape.KeyHeads,
            GroupSize = shape.GroupSize,
            QueryRows = rows,
            Keys = _problem.Keys,
            Rows = tile.Rows,
            Columns = tile.Columns,
            RowBlocks = tile.BlocksOf(rows),
            KeyBlocks = (_problem.Keys + tile.Columns - 1) / tile.Columns,
        };
        long head = (long)mask.RowBlocks * mask.KeyBlocks, blocks = head * mask.Heads * (shape.Mask.Batch == 0 ? 1 : _problem.Batch);
        shape.Kept = DeviceStrides.Of(0, shape.Mask.Batch == 0 ? 0 : head * mask.Heads, mask.Heads == 1 ? 0 : head, mask.KeyBlocks, 1);
        AcceleratorBuffer<byte> kept = Hold(_engine.Rent<byte>(Math.Max(1, blocks), _settings.Operation));
        AttentionLaunches.Mask(_engine, rules.Mask, kept.View, mask, blocks, _settings);
        rules.Kept = kept.View;
    }

    /// <summary>Brings the results to their places, and tells whether all are finite.</summary>
    public bool Commit()
    {
        Span<int> flag = [0, 0];
        _engine.Synchronize(_settings.Trace);
        _engine.Download(_flags!, 0, flag);
        if (_mask is not null) _settings.Trace?.Tiling += $", {flag[1]} blocks that the mask leaves";
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

    /// <summary>Queries, keys or values in the problem's format.</summary>
    private StoredOperand Store(in Strided<float> host, in ResidentTensor<float> resident, int heads, int rows, int columns)
    {
        if (_problem.Storage == AttentionStorage.Element)
        {
            StagedTensor<float> staged = Stage(host, resident, heads, rows, columns, upload: true);
            return new(staged.View.Cast<byte>(), staged.Strides);
        }

        StridedExtents extents = resident.IsAbsent ? Extents(host, heads, rows, columns) : StridedExtents.InPlace(resident.Batch, resident.Head, resident.Row, resident.Column);
        AcceleratorBuffer<ushort> narrow = Hold(_engine.Rent<ushort>(Math.Max(1, resident.IsAbsent ? extents.Elements : resident.Buffer!.Length), _settings.Operation));
        if (resident.IsAbsent) StoredOperand.Upload(_engine, host, extents, narrow, _problem.Storage, _settings);
        else StoredOperand.Narrow(_engine, StagedTensor<float>.Resident(_engine, resident, _settings).View, narrow.View, _problem.Storage, _settings);
        return new(narrow.View.Cast<byte>(), extents.OnDevice);
    }

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
