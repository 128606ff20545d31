using ILGPU;

namespace FusionKernels.Kernels.Warping.Devices;

/// <summary>Follows the best paths of a step pattern through one block of rows whose choices are at hand: a thread owns a pair.</summary>
/// <remarks>A step is a chain of two dependent loads. Nothing is shared, and there is no barrier.</remarks>
internal static class WarpingPatternTraceKernel
{
    /// <summary>The kernel.</summary>
    /// <param name="pattern">Of each step its rows and its columns, and two numbers more.</param>
    /// <param name="choices">The choices of the block's cells, elements of different threads side by side.</param>
    /// <param name="moves">Receives the choices on the way.</param>
    /// <param name="states">Where each path has come to.</param>
    /// <param name="shape">Sizes, places.</param>
    /// <param name="block">The block.</param>
    public static void Run(ArrayView<int> pattern, ArrayView<int> choices, ArrayView<int> moves, ArrayView<int> states, WarpingShape shape, WarpingBlock block)
    {
        int team = (Grid.IdxX * Group.DimX) + Group.IdxX;
        if (team >= shape.Teams) return;
        int perWord = 32 / shape.ChoiceBits, mask = (1 << shape.ChoiceBits) - 1;
        int state = team * WarpingTraceKernel.StateSize;
        int row = states[state], column = states[state + 1], count = states[state + 2];
        long words = (long)team * block.MoveWords;
        int word = count % perWord == 0 ? 0 : moves[words + (count / perWord)];
        for (int step = 0; step < block.MostMoves && row >= block.First; step++)
        {
            long place = (((long)(row - block.First) * shape.ChoiceWords) + (column / perWord)) * shape.Teams;
            int choice = (choices[place + team] >> (column % perWord * shape.ChoiceBits)) & mask;
            if (choice <= WarpingPatternKernel.Begins)
            {
                row = -1;
                continue;
            }

            word |= choice << (count % perWord * shape.ChoiceBits);
            moves[words + (count / perWord)] = word;
            int taken = 4 * (choice - WarpingPatternKernel.Begins - 1);
            row -= pattern[taken];
            column -= pattern[taken + 1];
            count++;
            if (count % perWord == 0) word = 0;
        }

        states[state] = row;
        states[state + 1] = column;
        states[state + 2] = count;
    }
}
