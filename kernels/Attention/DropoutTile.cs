using System.Runtime.CompilerServices;
using FusionKernels.Kernels.Products;
using FusionKernels.Kernels.Simd;

namespace FusionKernels.Kernels.Attention;

/// <summary>What dropout multiplies the weights of one block by, 0 or 1 / (1 - probability), rows x lanes.</summary>
/// <typeparam name="V">The lanes of the block, whose width the words take.</typeparam>
/// <typeparam name="T">The element.</typeparam>
internal static unsafe class DropoutTile<V, T>
    where V : unmanaged, IHostVector<V, T>
    where T : unmanaged
{
    private const int MostWords = 16;

    /// <summary>Draws the factors of a block.</summary>
    /// <param name="problem">The problem, whose dropout is not 0.</param>
    /// <param name="item">Item of the batch.</param>
    /// <param name="head">Query head.</param>
    /// <param name="query">The first query.</param>
    /// <param name="key">The first key.</param>
    /// <param name="rows">Rows, at most those of a block, which are a multiple of 16.</param>
    /// <param name="lanes">Lanes.</param>
    /// <param name="keysInRows">Whether keys lie in the rows and queries in the lanes.</param>
    /// <param name="factors">Room for a block.</param>
    public static void Draw(AttentionProblem problem, int item, int head, int query, int key, int rows, int lanes, bool keysInRows, T* factors)
    {
        Block block = new(problem.DropoutRule, problem.KeepScale, item, head, query, key, rows, lanes, factors);
        switch (V.Count * sizeof(T))
        {
            case 64: Draw<Words512>(block, keysInRows); break;
            case 32: Draw<Words256>(block, keysInRows); break;
            case 16: Draw<Words128>(block, keysInRows); break;
            default: Draw<Word>(block, keysInRows); break;
        }
    }

    private static void Draw<W>(in Block block, bool keysInRows)
        where W : unmanaged, IHostWords<W>
    {
        if (keysInRows) DrawQueryLanes<W>(block);
        else DrawKeyLanes<W>(block);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void DrawQueryLanes<W>(in Block block)
        where W : unmanaged, IHostWords<W>
    {
        int end = block.Key + block.Rows;
        for (int lane = 0; lane < block.Lanes; lane += W.Count)
        {
            W queries = W.From((uint)(block.Query + lane));
            int count = Math.Min(W.Count, block.Lanes - lane);
            for (int keys = block.Key / DropoutRule.KeysAtOnce; keys * DropoutRule.KeysAtOnce < end; keys++)
            {
                Philox<W> words = block.Rule.Draw(W.Broadcast((uint)keys), queries, block.Head, block.Item);
                int row = (keys * DropoutRule.KeysAtOnce) - block.Key;
                T* at = block.Factors + ((nint)row * block.Lanes) + lane;
                Store(words.First, block, row, count, at);
                Store(words.Second, block, row + 1, count, at + block.Lanes);
                Store(words.Third, block, row + 2, count, at + (2 * block.Lanes));
                Store(words.Fourth, block, row + 3, count, at + (3 * block.Lanes));
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store<W>(W words, in Block block, int row, int count, T* at)
        where W : unmanaged, IHostWords<W>
    {
        if ((uint)row >= (uint)block.Rows) return;
        if (typeof(T) == typeof(float) && count == W.Count)
        {
            W.Store(W.ZeroBelow(words, block.Rule.Threshold, block.ScaleBits), (uint*)at);
            return;
        }

        uint* each = stackalloc uint[MostWords];
        W.Store(words, each);
        for (int i = 0; i < count; i++) at[i] = block.FactorOf(each[i]);
    }

    /// <summary>Queries lie in the rows: their words come side by side for each of four keys, and are turned.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void DrawKeyLanes<W>(in Block block)
        where W : unmanaged, IHostWords<W>
    {
        T* turned = stackalloc T[DropoutRule.KeysAtOnce * MostWords];
        uint* each = stackalloc uint[DropoutRule.KeysAtOnce * MostWords];
        for (int keys = block.Key / DropoutRule.KeysAtOnce; keys * DropoutRule.KeysAtOnce < block.Key + block.Lanes; keys++)
        {
            int lane = (keys * DropoutRule.KeysAtOnce) - block.Key;
            int low = Math.Max(0, -lane), high = Math.Min(DropoutRule.KeysAtOnce, block.Lanes - lane);
            for (int row = 0; row < block.Rows; row += W.Count)
            {
                Philox<W> words = block.Rule.Draw(W.Broadcast((uint)keys), W.From((uint)(block.Query + row)), block.Head, block.Item);
                W.Store(words.First, each);
                W.Store(words.Second, each + W.Count);
                W.Store(words.Third, each + (2 * W.Count));
                W.Store(words.Fourth, each + (3 * W.Count));
                for (int i = 0; i < DropoutRule.KeysAtOnce * W.Count; i++) turned[i] = block.FactorOf(each[i]);
                T* at = block.Factors + ((nint)row * block.Lanes) + lane;
                Turn(turned, W.Count, low, high, at, block.Lanes);
            }
        }
    }

    /// <summary>Writes source(key, query) to target(query, key).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Turn(T* source, int queries, int low, int high, T* target, int stride)
    {
        if (queries % 4 == 0 && low == 0 && high == DropoutRule.KeysAtOnce && TileTranspose.IsFast<T>())
        {
            for (int i = 0; i < queries; i += 4) TileTranspose.FourByFour(source + i, queries, target + ((nint)i * stride), stride);
            return;
        }

        for (int i = 0; i < queries; i++)
        {
            for (int j = low; j < high; j++) target[((nint)i * stride) + j] = source[(j * queries) + i];
        }
    }

    private readonly struct Block(DropoutRule rule, double scale, int item, int head, int query, int key, int rows, int lanes, T* factors)
    {
        public readonly DropoutRule Rule = rule;
        public readonly T Scale = Element.Of<T>(scale);
        public readonly uint ScaleBits = BitConverter.SingleToUInt32Bits((float)scale);
        public readonly int Item = item;
        public readonly int Head = head;
        public readonly int Query = query;
        public readonly int Key = key;
        public readonly int Rows = rows;
        public readonly int Lanes = lanes;
        public readonly T* Factors = factors;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public T FactorOf(uint word) => word < Rule.Threshold ? default : Scale;
    }
}
