namespace FusionKernels.Tests.Simd;

/// <summary>Arguments of float64 functions.</summary>
internal static class DoubleArguments
{
    /// <summary>Arguments with finite results, some spread over all magnitudes, some where the function changes most.</summary>
    public static IEnumerable<double> Of(ElementaryFunction function, int count, int seed)
    {
        Random random = new(seed);
        for (int i = 0; i < count; i++)
        {
            double anyMagnitude = Math.ScaleB(1 + random.NextDouble(), random.Next(-1074, 1023));
            double sign = random.Next(2) == 0 ? -1 : 1;
            double unit = random.NextDouble();
            yield return function switch
            {
                ElementaryFunction.Exp => (i % 3) switch
                {
                    0 => -745 + (unit * 1454),
                    1 => sign * unit,
                    _ => sign * Math.Min(anyMagnitude, 700),
                },
                ElementaryFunction.Log => (i % 3) switch
                {
                    0 => anyMagnitude,
                    1 => 0.5 + (1.5 * unit),
                    _ => 1 + (sign * Math.Pow(unit, 12)),
                },
                ElementaryFunction.Tanh => (i % 3) switch { 0 => sign * anyMagnitude, 1 => sign * 20 * unit, _ => sign * unit },
                ElementaryFunction.SinSquaredPi => (i % 3) switch
                {
                    0 => sign * unit,
                    1 => sign * 1e6 * unit,
                    _ => sign * Math.Min(anyMagnitude, 0.3),
                },
                _ => throw new ArgumentOutOfRangeException(nameof(function)),
            };
        }
    }
}
