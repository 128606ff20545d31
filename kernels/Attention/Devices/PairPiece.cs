using ILGPU;

namespace FusionKernels.Kernels.Attention.Devices;

/// <summary>What one group adds up: a tile of the result, and the turns in which it goes through members and blocks.</summary>
internal struct PairPiece
{
    /// <summary>Item of the result.</summary>
    public int Item;

    /// <summary>Head of the result.</summary>
    public int Head;

    /// <summary>Chunk of the members.</summary>
    public int Chunk;

    /// <summary>Block of the result's queries.</summary>
    public int QueryBlock;

    /// <summary>Block of the result's keys.</summary>
    public int KeyBlock;

    /// <summary>The first turn: members, then blocks of queries, then blocks of keys where those are shared.</summary>
    public int FirstTurn;

    /// <summary>The turn after the last.</summary>
    public int TurnEnd;

    /// <summary>The piece of a group.</summary>
    public static PairPiece Of(PairSums sums, long group)
    {
        PairPiece piece = default;
        int queryBlocks = sums.OwnQueryBlocks, keyBlocks = sums.OwnKeyBlocks;
        piece.KeyBlock = (int)(group % keyBlocks);
        group /= keyBlocks;
        piece.QueryBlock = (int)(group % queryBlocks);
        group /= queryBlocks;
        piece.Chunk = (int)(group % sums.Chunks);
        group /= sums.Chunks;
        piece.Head = (int)(group % sums.Heads);
        piece.Item = (int)(group / sums.Heads);
        int blocks = TurnsOfMember(sums), first = piece.Chunk * sums.ChunkMembers;
        piece.FirstTurn = first * blocks;
        piece.TurnEnd = Math.Min(first + sums.ChunkMembers, sums.Members) * blocks;
        return piece;
    }

    /// <summary>Item, head and first query of a turn.</summary>
    public static AttentionPlace PlaceOf(PairPiece piece, PairSums sums, ArrayView<AttentionItem> items, int turn, int rows)
    {
        int member = turn / TurnsOfMember(sums);
        AttentionPlace place = default;
        place.Item = piece.Item + (member / sums.SharedHeads);
        place.KeyHead = piece.Head + (member % sums.SharedHeads);
        place.First = rows * (sums.SharesQueries != 0 ? turn % TurnsOfMember(sums) / (sums.SharesKeys != 0 ? sums.KeyBlocks : 1) : piece.QueryBlock);
        return AttentionPlace.Take(place, items, 1);
    }

    /// <summary>Block of keys of a turn.</summary>
    public static int KeyBlockOf(PairPiece piece, PairSums sums, int turn) => sums.SharesKeys != 0 ? turn % sums.KeyBlocks : piece.KeyBlock;

    /// <summary>The next turn, <paramref name="turn"/> or one behind it, in which position and mask leave any pair; the end where there is none.</summary>
    /// <param name="piece">The piece.</param>
    /// <param name="sums">What adds to the same.</param>
    /// <param name="items">The items.</param>
    /// <param name="turn">The first turn in question.</param>
    /// <param name="shape">Sizes and rules.</param>
    /// <param name="kept">Of which blocks the mask keeps something; any valid view where there is no mask.</param>
    public static int Next<TTile>(PairPiece piece, PairSums sums, ArrayView<AttentionItem> items, int turn, AttentionShape shape, ArrayView<byte> kept)
        where TTile : struct, IAttentionTile
    {
        while (turn < piece.TurnEnd && IsEmpty(PlaceOf(piece, sums, items, turn, TTile.Rows), KeyBlockOf(piece, sums, turn), TTile.Rows, TTile.Columns, shape, kept)) turn++;
        return turn;
    }

    /// <summary>Where an element of the result lies.</summary>
    public static long ResultOf(PairPiece piece, PairSums sums, int query, int key) =>
        (piece.Chunk * sums.ChunkStride) + sums.Result.At(piece.Item, piece.Head, query, key);

    private static bool IsEmpty(AttentionPlace place, int keyBlock, int rows, int columns, AttentionShape shape, ArrayView<byte> kept)
    {
        int firstKey = keyBlock * columns, last = Math.Min(place.First + rows, place.QueryRows) - 1;
        if (last < place.First || firstKey >= place.Keys) return true;
        int low = AttentionPlace.RangeOf(place, shape, place.First).Low, high = AttentionPlace.RangeOf(place, shape, last).High;
        if ((firstKey >= high || firstKey + columns <= low) && firstKey >= place.Problem.Prefix) return true;
        return shape.HasMask != 0 && kept[shape.Kept.At(place.Item, place.KeyHead, place.First / rows, keyBlock)] == 0;
    }

    private static int TurnsOfMember(PairSums sums) => (sums.SharesQueries != 0 ? sums.QueryBlocks : 1) * (sums.SharesKeys != 0 ? sums.KeyBlocks : 1);
}
