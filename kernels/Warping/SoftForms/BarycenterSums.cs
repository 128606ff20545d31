using FusionKernels.Kernels.Engines;
using FusionKernels.Kernels.Simd;

namespace FusionKernels.Kernels.Warping.SoftForms;

/// <summary>What the members of a set say about a barycentre, each along its best path.</summary>
internal static class BarycenterSums
{
    /// <summary>Aligns every member with the barycentre and adds up, for each of its samples, what members match it with.</summary>
    /// <remarks>Members are aligned on the engine and added up in float64 in their order, so that no bit depends on threads.</remarks>
    /// <param name="engine">Who runs it.</param>
    /// <param name="problem">What an alignment minimises.</param>
    /// <param name="barycenter">Holds one series.</param>
    /// <param name="members">The set.</param>
    /// <param name="weights">One for each member, 0 or more.</param>
    /// <param name="sums">Receives weight times matched samples: time x channels.</param>
    /// <param name="counts">Receives weight times the number of matches with samples that are not missing: time x channels.</param>
    /// <param name="settings">How to run.</param>
    /// <returns>The weighted sum of the members' end values.</returns>
    /// <exception cref="InvalidOperationException">The window leaves a member no path.</exception>
    public static double Associate<T>(
        Engine engine, WarpingProblem problem, SeriesPack<T> barycenter, SeriesPack<T> members, double[] weights, double[] sums, double[] counts, in RunSettings settings)
        where T : unmanaged
    {
        WarpingAlignment<T>?[] alignments = Warping.Alignments(engine, problem, barycenter, members, settings with { Progress = null, Trace = null });
        Array.Clear(sums);
        Array.Clear(counts);
        double cost = 0;
        for (int k = 0; k < members.Count; k++)
        {
            // A member without weight says nothing, not even that its window leaves no path.
            if (weights[k] == 0) continue;
            WarpingAlignment<T> alignment = alignments[k] ?? throw Warping.NoPath(problem, barycenter.Lengths[0], members.Lengths[k], settings);
            cost += weights[k] * Element.ToDouble(alignment.EndValue);
            Add(alignment, members, k, weights[k], sums, counts);
        }

        return cost;
    }

    /// <summary>Aligns one member and adds what it says to <paramref name="sums"/> and <paramref name="counts"/>.</summary>
    /// <inheritdoc cref="Associate{T}" path="/exception"/>
    public static void AssociateOne<T>(
        Engine engine, WarpingProblem problem, SeriesPack<T> barycenter, SeriesPack<T> members, int member, double weight, double[] sums, double[] counts, in RunSettings settings)
        where T : unmanaged
    {
        settings.Cancellation.ThrowIfCancellationRequested();
        WarpingAlignment<T> alignment = Warping.Align(engine, problem, barycenter, 0, members, member, settings with { Progress = null, Trace = null });
        Add(alignment, members, member, weight, sums, counts);
    }

    private static void Add<T>(WarpingAlignment<T> alignment, SeriesPack<T> members, int member, double weight, double[] sums, double[] counts)
        where T : unmanaged
    {
        int channels = members.Channels;
        ReadOnlySpan<T> samples = members[member];
        for (int step = 0; step < alignment.X.Length; step++)
        {
            int time = alignment.X[step], matched = alignment.Y[step] * channels;
            for (int c = 0; c < channels; c++)
            {
                double sample = Element.ToDouble(samples[matched + c]);
                if (double.IsNaN(sample)) continue;
                counts[(time * channels) + c] += weight;
                sums[(time * channels) + c] += weight * sample;
            }
        }
    }
}
