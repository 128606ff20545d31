using FusionKernels.Kernels.Simd;
using ILGPU;

namespace FusionKernels.Kernels.Decompositions.Jacobi;

/// <summary>The rotations of one matrix in shared memory: which pairs meet, by what angle, and what becomes of the elements.</summary>
internal static class JacobiRotations
{
    /// <summary>Whether any element is left that a rotation has to make zero; the same for all threads of the group.</summary>
    public static bool IsCoupled<V, T>(JacobiMemory<V> memory, JacobiShape shape, int even, T tolerance, T floor)
        where V : unmanaged, IDeviceVector<V, T>
        where T : unmanaged
    {
        V found = V.Constant(0);
        for (int place = Group.IdxX; place < even * even; place += Group.DimX)
        {
            int row = place / even, column = place % even;
            if (column < row && IsLarge<V, T>(memory, shape, row, column, tolerance, floor)) found = V.Constant(1);
        }

        return V.IsLess(V.Constant(0), GroupLargest.Of<V, T>(memory.Largest, found));
    }

    /// <summary>The rotations of a round, a thread each: diagonal and rotated element are final, sine and half tangent are laid down.</summary>
    public static void Choose<V, T>(JacobiMemory<V> memory, JacobiShape shape, int even, int round, T tolerance, T floor)
        where V : unmanaged, IDeviceVector<V, T>
        where T : unmanaged
    {
        for (int pair = Group.IdxX; pair < even / 2; pair += Group.DimX)
        {
            int p = First(pair, round, even), q = Second(pair, round, even);
            V sine = V.Constant(0), half = V.Constant(0);
            if (IsLarge<V, T>(memory, shape, p, q, tolerance, floor))
            {
                int place = JacobiMemory<V>.Lower(p, q, memory.Stride), atP = p * (memory.Stride + 1), atQ = q * (memory.Stride + 1);
                V element = memory.Matrix[place], one = V.Constant(1);
                V difference = memory.Matrix[atQ] - memory.Matrix[atP];

                // The smaller angle, of which tan(2 angle) = 2 element / difference; divided first, so that no square leaves the range.
                V twice = V.Abs(element) + V.Abs(element);
                V size = V.Max(V.Abs(difference), twice);
                V across = V.Abs(difference) / size, along = twice / size;
                V tangent = V.CopySign(along / (across + V.Sqrt((across * across) + (along * along))), difference * element);
                V cosine = one / V.Sqrt(one + (tangent * tangent));
                sine = tangent * cosine;
                half = sine / (one + cosine);
                memory.Matrix[atP] = memory.Matrix[atP] - (tangent * element);
                memory.Matrix[atQ] = memory.Matrix[atQ] + (tangent * element);
                memory.Matrix[place] = V.Constant(0);
            }

            memory.Sines[pair] = sine;
            memory.Halves[pair] = half;
        }
    }

    /// <summary>Applies the rotations of a round to the blocks where two pairs cross, and to the vectors.</summary>
    public static void Apply<V, T>(JacobiMemory<V> memory, int even, int round)
        where V : unmanaged, IDeviceVector<V, T>
        where T : unmanaged
    {
        // Items in lines of as many as there are pairs; a thread's next item is so many lines and pairs on.
        int pairs = even / 2, lines = Group.DimX / pairs, rest = Group.DimX % pairs;
        int line = Group.IdxX / pairs, pair = Group.IdxX % pairs;
        for (int item = Group.IdxX; item < pairs * (pairs - 1) / 2; item += Group.DimX)
        {
            int other = pair + line + 1;
            if (other >= pairs) other -= pairs;
            Cross<V, T>(memory, even, round, pair, other);
            line += lines;
            pair += rest;
            if (pair < pairs) continue;
            pair -= pairs;
            line++;
        }

        line = Group.IdxX / pairs;
        pair = Group.IdxX % pairs;
        while (line < even)
        {
            int p = (line * memory.Stride) + First(pair, round, even), q = (line * memory.Stride) + Second(pair, round, even);
            V x = memory.Vectors[p], y = memory.Vectors[q], sine = memory.Sines[pair], half = memory.Halves[pair];
            memory.Vectors[p] = Left<V, T>(x, y, sine, half);
            memory.Vectors[q] = Right<V, T>(x, y, sine, half);
            line += lines;
            pair += rest;
            if (pair < pairs) continue;
            pair -= pairs;
            line++;
        }
    }

    /// <summary>Both rotations on the 2 x 2 block where two pairs cross.</summary>
    private static void Cross<V, T>(JacobiMemory<V> memory, int even, int round, int pair, int other)
        where V : unmanaged, IDeviceVector<V, T>
        where T : unmanaged
    {
        int p = First(pair, round, even), q = Second(pair, round, even), r = First(other, round, even), s = Second(other, round, even);
        int atPr = JacobiMemory<V>.Lower(p, r, memory.Stride), atPs = JacobiMemory<V>.Lower(p, s, memory.Stride);
        int atQr = JacobiMemory<V>.Lower(q, r, memory.Stride), atQs = JacobiMemory<V>.Lower(q, s, memory.Stride);
        V pr = memory.Matrix[atPr], ps = memory.Matrix[atPs], qr = memory.Matrix[atQr], qs = memory.Matrix[atQs];
        V sine = memory.Sines[other], half = memory.Halves[other];
        V upperR = Left<V, T>(pr, ps, sine, half), upperS = Right<V, T>(pr, ps, sine, half);
        V lowerR = Left<V, T>(qr, qs, sine, half), lowerS = Right<V, T>(qr, qs, sine, half);
        sine = memory.Sines[pair];
        half = memory.Halves[pair];
        memory.Matrix[atPr] = Left<V, T>(upperR, lowerR, sine, half);
        memory.Matrix[atQr] = Right<V, T>(upperR, lowerR, sine, half);
        memory.Matrix[atPs] = Left<V, T>(upperS, lowerS, sine, half);
        memory.Matrix[atQs] = Right<V, T>(upperS, lowerS, sine, half);
    }

    // cosine x - sine y and sine x + cosine y, by the half angle: what is rounded is the change, which is small at the end
    // (Rutishauser 1966).
    private static V Left<V, T>(V x, V y, V sine, V half)
        where V : unmanaged, IDeviceVector<V, T>
        where T : unmanaged => x - (sine * (y + (half * x)));

    private static V Right<V, T>(V x, V y, V sine, V half)
        where V : unmanaged, IDeviceVector<V, T>
        where T : unmanaged => y + (sine * (x - (half * y)));

    /// <summary>Whether an element is above what it may come to.</summary>
    private static bool IsLarge<V, T>(JacobiMemory<V> memory, JacobiShape shape, int row, int column, T tolerance, T floor)
        where V : unmanaged, IDeviceVector<V, T>
        where T : unmanaged
    {
        V element = memory.Matrix[JacobiMemory<V>.Lower(row, column, memory.Stride)];
        V bound = V.Broadcast(tolerance);
        if (shape.IsRelative != 0)
        {
            bound *= V.Abs(memory.Matrix[row * (memory.Stride + 1)] * memory.Matrix[column * (memory.Stride + 1)]);
        }

        return V.IsLess(bound, element * element) && V.IsLess(V.Broadcast(floor), V.Abs(element));
    }

    // The circle of a tournament: the last row stays, the others move on by one a round.
    private static int First(int pair, int round, int even)
    {
        int place = round + pair;
        if (place >= even - 1) place -= even - 1;
        return pair == 0 ? even - 1 : place;
    }

    private static int Second(int pair, int round, int even)
    {
        int place = round - pair;
        return place < 0 ? place + even - 1 : place;
    }
}
