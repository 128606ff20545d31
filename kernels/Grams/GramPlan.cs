using FusionKernels.Kernels.Products;

namespace FusionKernels.Kernels.Grams;

/// <summary>What a Gram computation will do and cost; pure, so that it can be asked before anything runs.</summary>
internal readonly struct GramPlan
{
    /// <summary>
    /// Features up to which squared distances are summed directly: two operations a feature instead of one, but no norms, no
    /// cancellation and no second look at near pairs, which together cost more than 8 operations.
    /// </summary>
    public const int DirectFeatures = 8;

    /// <summary>Rows and columns of an accelerator's tile of a composed or consumed matrix at most: 16 MiB of float32 a statistic, a fraction of a second even on a slow device.</summary>
    public const int LargestDeviceEdge = 2048;

    /// <summary>Bytes of a step of a composed kernel on a device, at most.</summary>
    private const int MostStepBytes = 64;

    /// <summary>Plans the Gram matrix of rows against columns.</summary>
    /// <exception cref="ArgumentException">Shapes do not fit, in words.</exception>
    public GramPlan(GramProgram program, int rows, int columns, int features, int columnFeatures, bool symmetric, int elementBytes)
    {
        if (features != columnFeatures)
        {
            throw new ArgumentException($"x has {features} features, y has {columnFeatures}: both need the same features in the same order");
        }

        if (program.Features > features)
        {
            throw new ArgumentException($"the kernel reads features up to {program.Features}, x has {features}");
        }

        Program = program;
        Rows = rows;
        Columns = columns;
        Features = features;
        Symmetric = symmetric;
        ElementBytes = elementBytes;
    }

    /// <summary>The kernel.</summary>
    public GramProgram Program { get; }

    /// <summary>Rows of the matrix.</summary>
    public int Rows { get; }

    /// <summary>Columns of the matrix.</summary>
    public int Columns { get; }

    /// <summary>Features of a row.</summary>
    public int Features { get; }

    /// <summary>Whether rows and columns are the same set, so that half is computed.</summary>
    public bool Symmetric { get; }

    /// <summary>Bytes of one element.</summary>
    public int ElementBytes { get; }

    /// <summary>Pairs that are computed.</summary>
    public double Pairs => Symmetric ? Rows * (Rows + 1.0) / 2 : (double)Rows * Columns;

    /// <summary>Operations: 2 a feature and statistic of each computed pair, and 1 a step of the program.</summary>
    public double Flops => Pairs * (Program.Statistics.Sum(s => 2.0 * s.Features) + Program.Ops.Length);

    /// <summary>Bytes of the result.</summary>
    public long ResultBytes => (long)Rows * Columns * ElementBytes;

    /// <summary>Bytes of the operands.</summary>
    public long InputBytes => ((long)Rows + (Symmetric ? 0 : Columns)) * Features * ElementBytes;

    /// <summary>Bytes the host holds beside operands and result: both operands packed, in at most 32 MiB each, and the tiles of its workers.</summary>
    public long HostWorkingBytes(int threads)
    {
        long extent = HostBlocking.PackedExtent(Features, ElementBytes);
        long packed = (Math.Min(Rows, extent) + Math.Min(Columns, extent)) * Features * ElementBytes;
        long stripe = 3L * HostBlocking.MostPieceRows * 64 * ElementBytes;
        long tile = Program.Single is null && Program.Terms.IsEmpty ? (Statistics + 1L) * GramTile.Rows * GramTile.Columns * ElementBytes : 0;
        return packed + (threads * (stripe + tile)) + (4L * (Rows + Columns) * ElementBytes);
    }

    /// <summary>Bytes that an accelerator holds at most beside operands and result: of each statistic three vectors and its centre, of composed kernels their steps with two vectors each, and a tile of every statistic and every given matrix, where one is centred of its values as well.</summary>
    public long DeviceWorkingBytes
    {
        get
        {
            long vectors = Statistics * ((3L * ((long)Rows + Columns)) + Features) * ElementBytes;
            if (Program.Single is not null) return vectors;
            long steps = Program.Ops.Length * (MostStepBytes + (((long)Rows + Columns) * ElementBytes));
            int given = 1 + Program.Ops.Max(op => op.Code == GramOpCode.Precomputed ? op.Index : -1);
            return vectors + steps + ((Statistics + given + (Program.Uses(GramOpCode.Centre) ? 1 : 0)) * DeviceTileBytes);
        }
    }

    /// <summary>Bytes that an accelerator holds at most beside the operands while values are consumed: a tile of them more.</summary>
    public long DeviceConsumingBytes => DeviceWorkingBytes + DeviceTileBytes;

    private long DeviceTileBytes => (long)Math.Min(Rows, LargestDeviceEdge) * Math.Min(Columns, LargestDeviceEdge) * ElementBytes;

    /// <summary>The kernel and its tiles, in words.</summary>
    public string Tiling => Program.Single is { } single
        ? $"{single.Code}, {(Symmetric ? "symmetric" : "rectangular")}, fused"
        : Program.Terms.Length > 0 ? $"{Program.Terms.Length} kernels, {(Symmetric ? "symmetric" : "rectangular")}, {GramTile.TermRows} x {GramTile.TermColumns} tiles, added in registers"
        : $"{Program.Ops.Length} steps, {(Symmetric ? "symmetric" : "rectangular")}, {GramTile.Rows} x {GramTile.Columns} tiles";

    /// <summary>Tiles of the matrix on the host.</summary>
    public int HostTiles => (int)Math.Min(
        int.MaxValue, ((Rows + GramTile.Rows - 1L) / GramTile.Rows) * ((Columns + GramTile.Columns - 1L) / GramTile.Columns));

    /// <summary>The kernel and its tiles where values are consumed instead of stored, in words.</summary>
    public string ConsumedTiling => $"{Program.Ops.Length} steps, {GramTile.Rows} x {GramTile.Columns} tiles, not stored";

    /// <summary>Operations where values are consumed: every pair is computed, mirrored or not, with so many more a pair.</summary>
    public double ConsumedFlops(double perPair) =>
        (double)Rows * Columns * (Program.Statistics.Sum(s => 2.0 * s.Features) + Program.Ops.Length + perPair);

    /// <summary>Bytes the host holds beside the operands while values are consumed: for each thread a tile, its sums, and what of the operands it has packed.</summary>
    public long ConsumingBytes(int threads)
    {
        long tile = (Statistics + 1L) * GramTile.Rows * GramTile.Columns * ElementBytes;
        long packed = ((long)GramTile.Rows + GramTile.Columns) * Features * ElementBytes;
        return (threads * (tile + packed)) + (4L * (Rows + Columns) * ElementBytes);
    }

    /// <summary>Different sums over the features that a pair needs.</summary>
    private int Statistics => Program.Statistics.Length;
}
