using System.Numerics;
using FusionKernels.Kernels.Simd;
using NUnit.Framework;

namespace FusionKernels.Tests.Simd;

/// <summary>On one machine every width computes the same bits, so that choosing a width never changes an elementary function.</summary>
[TestFixture(typeof(float))]
[TestFixture(typeof(double))]
internal sealed class WidthAgreementTests<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    [Test]
    public void Every_width_computes_the_bits_of_the_scalar_one([Values] ElementaryFunction function)
    {
        Random random = new(5);
        IEnumerable<double> numbers = Enumerable.Range(0, 20_000).Select(_ => (random.NextDouble() - 0.2) * Math.Pow(10, random.Next(-40, 5)));
        T[] arguments = [.. numbers.Select(T.CreateTruncating)];
        T[] scalar = Elementary.Map(Elementary.Of<Lanes1<T>, T>(function), arguments);
        using (Assert.EnterMultipleScope())
        {
            foreach (SimdWidth width in SimdWidths.All)
            {
                MapJob job = new() { Function = function, Values = arguments };
                VectorDispatch.Run<T, MapJob>(width, ref job);
                Assert.That(job.Values, Is.EqualTo(scalar), width.ToString());
            }
        }
    }

    private struct MapJob : IVectorJob<T>
    {
        public ElementaryFunction Function;
        public T[] Values;

        public void Run<V>()
            where V : unmanaged, IHostVector<V, T> => Values = Elementary.Map(Elementary.Of<V, T>(Function), Values);
    }
}
