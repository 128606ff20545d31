using System.Numerics;
using FusionKernels.Tests.Infrastructure;
using NUnit.Framework;

namespace FusionKernels.Tests.Attentions;

/// <summary>What is stored in keys and values that no query sees changes no bit, forward or backward, however they are masked; at every width of the host and on every device.</summary>
[TestFixtureSource(typeof(AttentionFixtures), nameof(AttentionFixtures.Real))]
[Parallelizable]
public sealed class AttentionPoisonTests<T>(TestEngine engine)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Few heads take two passes over their pairs on the host, many one.</summary>
    private static readonly int[] s_batches = [2, 32];

    [Test]
    public void What_no_query_sees_changes_no_bit([Values(double.NaN, 1e10, double.NegativeInfinity)] double poison, [ValueSource(nameof(s_batches))] int batch)
    {
        foreach (MaskedKeys<T> masked in MaskedKeys<T>.All(batch, 30, 150)) masked.ChangeNothing(engine.Device, batch, 30, 150, poison);
    }
}
