using System.Runtime.CompilerServices;
using FusionKernels.Kernels.Engines;
using FusionKernels.Kernels.Products;
using FusionKernels.Kernels.Simd;

namespace FusionKernels.Kernels.Attention;

/// <summary>
/// Scores of one block of lanes against block after block of rows: dot products, soft cap, ALiBi, bias and masks, in base 2.
/// Queries lie in the lanes and keys in the rows, or the other way round.
/// </summary>
internal unsafe ref struct AttentionScores<V, T, TBlock, TSide>
    where V : unmanaged, IHostVector<V, T>
    where T : unmanaged
    where TBlock : struct, ILaneBlock
    where TSide : struct, ILaneSide
{
    /// <summary>Rows of a block: with 48 lanes the scores take 24 KiB of float32, so that they, the packed lanes and the rows stay close to the core.</summary>
    public const int BlockRows = 128;

    private readonly AttentionProblem _problem;
    private readonly AttentionOperands<T>* _operands;
    private readonly PairPositions<V, T, TBlock, TSide> _positions;
    private readonly T* _tiles;
    private readonly T* _liveRows;
    private readonly T* _keepFactors;
    private readonly int _item;
    private T* _pairs;
    private T* _slopes;
    private byte* _isDead;
    private int _head;
    private int _laneStart;
    private int _laneCount;
    private TileState _state;

    /// <summary>Lays out working memory.</summary>
    /// <param name="problem">The problem.</param>
    /// <param name="operands">The elements.</param>
    /// <param name="item">Item of the batch.</param>
    /// <param name="memory">Room for <see cref="Elements"/>.</param>
    /// <param name="tiles">Tiles that are kept beside each other.</param>
    public AttentionScores(AttentionProblem problem, AttentionOperands<T>* operands, int item, T* memory, int tiles = 1)
    {
        _problem = problem;
        _operands = operands;
        _item = item;
        _tiles = memory;
        PackedLanes = memory + (tiles * TileElements(problem));
        _positions = new(problem, item, PackedLanes + (problem.Width * Lanes));
        _liveRows = _positions.End;
        _keepFactors = _liveRows + LiveElements(problem);
        Select(0);
    }

    /// <summary>Lanes of a block.</summary>
    public static int Lanes
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => TBlock.Vectors * V.Count;
    }

    /// <summary>Scores, rows x lanes.</summary>
    public T* Tile { get; private set; }

    /// <summary>The block's queries or keys, width x lanes.</summary>
    public T* PackedLanes { get; }

    /// <summary>Rows of the tile.</summary>
    public readonly int Rows => _state.Rows;

    /// <summary>Whether some pair of the tile may be masked.</summary>
    public readonly bool MayBeMasked => _state.MayBeMasked;

    /// <summary>Derivatives of the soft cap, rows x lanes; only where there is one.</summary>
    public readonly T* Slopes => _slopes;

    /// <summary>Working memory of a block of rows, free between blocks.</summary>
    public readonly T* Spread => _liveRows;

    /// <summary>A tile of working memory that is free once scores stand.</summary>
    public readonly T* Spare => _pairs;

    /// <summary>Elements of working memory.</summary>
    public static nint Elements(AttentionProblem problem, int tiles = 1) =>
        ((nint)tiles * TileElements(problem)) + (problem.Width * Lanes) + PairPositions<V, T, TBlock, TSide>.Elements
        + LiveElements(problem) + (problem.Dropout > 0 ? BlockRows * Lanes : 0);

    /// <summary>Turns to another of the tiles that are kept; what was computed in it is read again with the state it had.</summary>
    /// <param name="tile">Which tile.</param>
    /// <param name="state">Its state; nothing for one to be computed.</param>
    public void Select(int tile, TileState state = default)
    {
        int elements = BlockRows * Lanes;
        Tile = _tiles + (tile * (nint)TileElements(_problem));
        _pairs = Tile + elements;
        _slopes = _pairs + elements;
        _isDead = (byte*)(_problem.SoftCap > 0 ? _slopes + elements : _slopes);
        _state = state;
    }

    /// <summary>What is known of the tile that was computed last.</summary>
    public readonly TileState State => _state;

    /// <summary>Packs the queries or keys of a block of lanes.</summary>
    public void TakeLanes(int head, int start, int count)
    {
        (_head, _laneStart, _laneCount) = (head, start, count);
        Strided<T> source = TSide.OfQueries ? _operands->Query : _operands->Key;
        PackLanes(source, HeadOf(TSide.OfQueries), start, count, _problem.Width, PackedLanes);
        _positions.TakeLanes(start, count);
    }

    /// <summary>Packs rows of an operand into the lanes, by way of rows that lie together where their strides would fall into few sets of a cache.</summary>
    public readonly void PackLanes(in Strided<T> source, int head, int start, int count, int width, T* packed)
    {
        T* first = source.At(_item, head, start);
        (long row, long column) = (source.Row, source.Column);
        if (LaneStore.Collides<T>(row))
        {
            LaneStore.Copy(first, row, column, count, width, Spread, LaneStore.Pitch<T>(width));
            first = Spread;
            (row, column) = (LaneStore.Pitch<T>(width), 1);
        }

        PanelPacker<V, T>.Pack(first, row, column, count, width, Lanes, null, default, packed);
    }

    /// <summary>The same block of lanes with the rows of another head.</summary>
    public void TakeHead(int head) => _head = head;

    /// <summary>Scores the lanes against a block of rows.</summary>
    /// <param name="start">The first row.</param>
    /// <param name="count">Rows, 1 to <see cref="BlockRows"/>.</param>
    /// <param name="withSlopes">Whether derivatives of the soft cap are wanted.</param>
    /// <returns>Whether any pair is left; without one nothing is computed.</returns>
    public bool Compute(int start, int count, bool withSlopes = false)
    {
        int laneEnd = _laneStart + _laneCount, rowEnd = start + count;
        BlockKind kind = TSide.OfQueries
            ? _problem.Classify(_item, _laneStart, laneEnd, start, rowEnd)
            : _problem.Classify(_item, start, rowEnd, _laneStart, laneEnd);
        BlockKind dense = kind == BlockKind.Empty || _operands->Mask.IsAbsent ? BlockKind.Full : KindOfMask(start, count);
        if (kind == BlockKind.Empty || dense == BlockKind.Empty) return false;

        if (_operands->Blocks is not null) Interlocked.Increment(ref *_operands->Blocks);
        Strided<T> source = TSide.OfQueries ? _operands->Key : _operands->Query;
        T* first = source.At(_item, HeadOf(!TSide.OfQueries), start);
        LaneKernel.Sum<V, T, TBlock>(_problem.Width, first, (nint)source.Row, (nint)source.Column, count, PackedLanes, Tile, Element.Of<T>(ScoreRules.DotFactor(_problem)));
        if (_problem.SoftCap > 0) Cap(count, V.Constant(ScoreRules.CapFactor(_problem)), withSlopes);
        bool isBanded = kind == BlockKind.Partial || _laneCount < Lanes;
        if (isBanded || _problem.Slopes is not null) _positions.TakeRows(start, count);
        if (_problem.Slopes is { } slopes) _positions.Penalize(Tile, count, slopes[_head] * VectorMath.Log2OfE);
        bool isMaskedByBias = !_operands->Bias.IsAbsent && AddBias(start, count);
        if (isBanded) _positions.Mask(Tile, count, _problem.Prefix > 0);
        bool mayBeMasked = isBanded || dense == BlockKind.Partial || isMaskedByBias;
        _state = new(start, count, mayBeMasked, dense == BlockKind.Partial ? ApplyMask(start, count) : mayBeMasked && FindDeadRows(count));
        Draw();
        return true;
    }

    /// <summary>Draws what dropout drops of the tile, as when it was computed; nothing where it is off.</summary>
    public readonly void Draw()
    {
        if (_problem.Dropout == 0) return;
        (int query, int key) = TSide.OfQueries ? (_laneStart, _state.RowStart) : (_state.RowStart, _laneStart);
        DropoutTile<V, T>.Draw(_problem, _item, _head, query, key, Rows, Lanes, TSide.OfQueries, _keepFactors);
    }

    /// <summary>Drops what dropout drops of a tile's weights, or of the gradients of them, and scales the others; nothing where it is off.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public readonly void Drop(T* tile)
    {
        if (_problem.Dropout == 0) return;
        int count = Rows * Lanes;
        for (int i = 0; i < count; i += V.Count) V.Store(V.Load(tile + i) * V.Load(_keepFactors + i), tile + i);
    }

    /// <summary>
    /// The tile's rows of an operand, those that no lane attends to replaced by zeros: whatever is stored there, 0 times it must be 0.
    /// </summary>
    /// <param name="source">Keys or values where keys lie in the rows, else queries or output gradients.</param>
    /// <param name="width">Features.</param>
    /// <param name="downRows">Whether sums run down the rows, so that they are better copied where their strides fall into few sets of a cache.</param>
    /// <param name="rowStep">Receives the elements from row to row.</param>
    /// <param name="columnStep">Receives the elements from column to column.</param>
    public readonly T* LiveRows(in Strided<T> source, int width, bool downRows, out nint rowStep, out nint columnStep)
    {
        T* first = source.At(_item, HeadOf(!TSide.OfQueries), _state.RowStart);
        (rowStep, columnStep) = ((nint)source.Row, (nint)source.Column);
        if (!_state.AnyDead && (!downRows || !LaneStore.Collides<T>(rowStep))) return first;
        int pitch = LaneStore.Pitch<T>(width);
        for (int r = 0; r < Rows; r++, first += rowStep)
        {
            T* to = _liveRows + (r * pitch);
            if (_state.AnyDead && _isDead[r] != 0) new Span<T>(to, width).Clear();
            else if (columnStep == 1) new ReadOnlySpan<T>(first, width).CopyTo(new(to, width));
            else for (int d = 0; d < width; d++) to[d] = first[d * columnStep];
        }

        (rowStep, columnStep) = (pitch, 1);
        return _liveRows;
    }

    // Scores, pairs of a bias or mask, slopes of a soft cap, and which rows are dead.
    private static int TileElements(AttentionProblem problem) => ((problem.SoftCap > 0 ? 3 : 2) * BlockRows * Lanes) + BlockRows;

    // A block of rows, and at least the eight rows of a mask that are turned at once.
    private static int LiveElements(AttentionProblem problem) => BlockRows * Math.Max(8, Math.Max(LaneStore.Pitch<T>(problem.Width), LaneStore.Pitch<T>(problem.ValueWidth)));

    private readonly int HeadOf(bool isQuery) => isQuery ? _head : _head / _problem.GroupSize;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private readonly void Cap(int rows, V cap, bool withSlopes)
    {
        int count = rows * Lanes;
        for (int i = 0; i < count; i += V.Count)
        {
            V tanh = VectorMath.Tanh<V, T>(V.Load(Tile + i));
            V.Store(tanh * cap, Tile + i);
            if (withSlopes) V.Store(ScoreRules.CapSlope<V, T>(tanh), _slopes + i);
        }
    }

    /// <summary>Adds the bias, and tells whether that left a score of -infinity.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private readonly bool AddBias(int start, int rows)
    {
        Strided<T> bias = _operands->Bias;
        (long row, long lane) = TSide.OfQueries ? (bias.Column, bias.Row) : (bias.Row, bias.Column);
        T* first = bias.At(_item, _head) + (start * row) + (_laneStart * lane);
        PanelPacker<V, T>.Pack(first, lane, row, _laneCount, rows, Lanes, null, default, _pairs);
        int count = rows * Lanes;
        V least = default;
        for (int i = 0; i < count; i += V.Count)
        {
            V score = ScoreRules.AddOrMask<V, T>(V.Load(_pairs + i), V.Load(Tile + i));
            least = V.Min(score, least);
            V.Store(score, Tile + i);
        }

        return V.AnyLess(least, OnlineSoftmax.NoMaximum<V, T>());
    }

    /// <summary>Masks what the dense mask does not keep, marks the rows whose every lane is masked, and tells whether there are any.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private readonly bool ApplyMask(int start, int rows)
    {
        Strided<bool> mask = _operands->Mask;
        (long row, long lane) = TSide.OfQueries ? (mask.Column, mask.Row) : (mask.Row, mask.Column);
        bool* first = mask.At(_item, _head) + (start * row) + (_laneStart * lane);
        KeepMask.Pack(first, lane, row, _laneCount, rows, Lanes, _liveRows, _pairs);
        V half = V.Constant(0.5), masked = V.Constant(double.NegativeInfinity);
        bool anyDead = false;
        T* scores = Tile, keep = _pairs;
        for (int r = 0; r < rows; r++)
        {
            V most = masked;
            for (int v = 0; v < TBlock.Vectors; v++, scores += V.Count, keep += V.Count)
            {
                V score = V.SelectLess(V.Load(keep), half, masked, V.Load(scores));
                most = V.Max(score, most);
                V.Store(score, scores);
            }

            anyDead |= IsDead(r, most);
        }

        return anyDead;
    }

    private readonly BlockKind KindOfMask(int start, int count)
    {
        Strided<bool> mask = _operands->Mask;
        (int query, int queries) = TSide.OfQueries ? (_laneStart, _laneCount) : (start, count);
        (int key, int keys) = TSide.OfQueries ? (start, count) : (_laneStart, _laneCount);
        return KeepMask.KindOf(mask.At(_item, _head, query) + (key * mask.Column), mask.Row, mask.Column, queries, keys);
    }

    /// <summary>Marks the rows whose every lane is masked, and tells whether there are any.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private readonly bool FindDeadRows(int rows)
    {
        bool any = false;
        T* row = Tile;
        for (int r = 0; r < rows; r++, row += Lanes)
        {
            V most = V.Constant(double.NegativeInfinity);
            for (int v = 0; v < TBlock.Vectors; v++) most = V.Max(V.Load(row + (v * V.Count)), most);
            any |= IsDead(r, most);
        }

        return any;
    }

    /// <summary>Whether a row is dead by the largest of its scores in each lane; marks it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private readonly bool IsDead(int row, V most)
    {
        bool isDead = !V.AnyLess(V.Constant(double.NegativeInfinity), most);
        _isDead[row] = isDead ? (byte)1 : (byte)0;
        return isDead;
    }
}
