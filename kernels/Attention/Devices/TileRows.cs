using FusionKernels.Kernels.Products;
using FusionKernels.Kernels.Simd;
using ILGPU;

namespace FusionKernels.Kernels.Attention.Devices;

/// <summary>The softmax of the rows of a tile, whose columns lie in many threads.</summary>
internal static class TileRows
{
    /// <summary>The largest score of each of the thread's rows so far; and which columns are alive.</summary>
    public static Quad<Lane32> Maxima<TTile>(TileStage stage, Fragment<Lane32> scores, Quad<Lane32> before)
        where TTile : struct, IAttentionTile
    {
        int row = TTile.RowOf(Group.IdxX);
        MarkDead<TTile>(stage);
        stage.Partial[(TTile.ColumnOf(Group.IdxX) * (TTile.Rows / 4)) + row] = new()
        {
            X = Largest(scores.Row0),
            Y = Largest(scores.Row1),
            Z = Largest(scores.Row2),
            W = Largest(scores.Row3),
        };

        // All columns must be dead before some come alive.
        Group.Barrier();
        MarkAlive<TTile>(stage, Fragment<Lane32>.Transpose(scores), TTile.ColumnOf(Group.IdxX) * 4);
        for (int column = 0; column < TTile.Columns / 4; column++)
        {
            Quad<Lane32> partial = stage.Partial[(column * (TTile.Rows / 4)) + row];
            before.X = Lane32.Max(before.X, partial.X);
            before.Y = Lane32.Max(before.Y, partial.Y);
            before.Z = Lane32.Max(before.Z, partial.Z);
            before.W = Lane32.Max(before.W, partial.W);
        }

        return before;
    }

    /// <summary>Marks every column as dead.</summary>
    public static void MarkDead<TTile>(TileStage stage)
        where TTile : struct, IAttentionTile
    {
        for (int column = Group.IdxX; column < TTile.Columns; column += TileStage.Threads<TTile>()) stage.Live[column] = 0;
    }

    /// <summary>Marks the columns that have a score.</summary>
    /// <param name="stage">Shared memory.</param>
    /// <param name="columns">The thread's scores, column by column.</param>
    /// <param name="first">The first column.</param>
    public static void MarkAlive<TTile>(TileStage stage, Fragment<Lane32> columns, int first)
        where TTile : struct, IAttentionTile
    {
        // Whoever writes, writes the same.
        if (PairScores.IsAlive(columns.Row0)) stage.Live[first] = 1;
        if (PairScores.IsAlive(columns.Row1)) stage.Live[first + 1] = 1;
        if (PairScores.IsAlive(columns.Row2)) stage.Live[first + 2] = 1;
        if (PairScores.IsAlive(columns.Row3)) stage.Live[first + 3] = 1;
    }

    /// <summary>Puts pairs where they are multiplied from: quads of rows of four columns.</summary>
    public static void Stage<TTile>(TileStage stage, Fragment<Lane32> columns, int first)
        where TTile : struct, IAttentionTile
    {
        int pitch = TileStage.Pitch(TTile.Rows), place = (first * pitch) + TTile.RowOf(Group.IdxX);
        stage.Pairs[place] = columns.Row0;
        stage.Pairs[place + pitch] = columns.Row1;
        stage.Pairs[place + (2 * pitch)] = columns.Row2;
        stage.Pairs[place + (3 * pitch)] = columns.Row3;
    }

    /// <summary>Weights of scores against their rows' references.</summary>
    public static Fragment<Lane32> Weights(Fragment<Lane32> scores, Quad<Lane32> references) => new()
    {
        Row0 = PairScores.Weights(scores.Row0, references.X),
        Row1 = PairScores.Weights(scores.Row1, references.Y),
        Row2 = PairScores.Weights(scores.Row2, references.Z),
        Row3 = PairScores.Weights(scores.Row3, references.W),
    };

    /// <summary>What earlier sums shrink by when a maximum grows.</summary>
    public static Quad<Lane32> Factors(Quad<Lane32> before, Quad<Lane32> maxima) => new()
    {
        X = OnlineSoftmax.Weight<Lane32, float>(before.X, maxima.X),
        Y = OnlineSoftmax.Weight<Lane32, float>(before.Y, maxima.Y),
        Z = OnlineSoftmax.Weight<Lane32, float>(before.Z, maxima.Z),
        W = OnlineSoftmax.Weight<Lane32, float>(before.W, maxima.W),
    };

    /// <summary>Shrunk sums with the thread's weights added.</summary>
    public static Quad<Lane32> AddSums(Quad<Lane32> sums, Quad<Lane32> factors, Fragment<Lane32> weights) => new()
    {
        X = Lane32.MultiplyAdd(sums.X, factors.X, Sum(weights.Row0)),
        Y = Lane32.MultiplyAdd(sums.Y, factors.Y, Sum(weights.Row1)),
        Z = Lane32.MultiplyAdd(sums.Z, factors.Z, Sum(weights.Row2)),
        W = Lane32.MultiplyAdd(sums.W, factors.W, Sum(weights.Row3)),
    };

    /// <summary>The sums of whole rows, columns in their order.</summary>
    public static Quad<Lane32> Totals<TTile>(TileStage stage, Quad<Lane32> sums)
        where TTile : struct, IAttentionTile
    {
        int row = TTile.RowOf(Group.IdxX);

        // The last maxima may still be read.
        Group.Barrier();
        stage.Partial[(TTile.ColumnOf(Group.IdxX) * (TTile.Rows / 4)) + row] = sums;

        // Everybody's sums must stand before they are added.
        Group.Barrier();
        Quad<Lane32> totals = default;
        for (int column = 0; column < TTile.Columns / 4; column++)
        {
            Quad<Lane32> partial = stage.Partial[(column * (TTile.Rows / 4)) + row];
            totals.X += partial.X;
            totals.Y += partial.Y;
            totals.Z += partial.Z;
            totals.W += partial.W;
        }

        return totals;
    }

    /// <summary>1 / sum; 0 for a row with nothing to attend to.</summary>
    public static Quad<Lane32> Reciprocals(Quad<Lane32> sums) => new() { X = Reciprocal(sums.X), Y = Reciprocal(sums.Y), Z = Reciprocal(sums.Z), W = Reciprocal(sums.W) };

    // The largest weight of a row is 1, so a sum is 0 or at least that.
    private static Lane32 Reciprocal(Lane32 sum) => Lane32.SelectLess(sum, new(0.5f), new(0), new Lane32(1) / sum);

    private static Lane32 Sum(Quad<Lane32> quad) => (quad.X + quad.Y) + (quad.Z + quad.W);

    private static Lane32 Largest(Quad<Lane32> quad) => Lane32.Max(Lane32.Max(quad.X, quad.Y), Lane32.Max(quad.Z, quad.W));
}
