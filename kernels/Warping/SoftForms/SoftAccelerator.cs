using FusionKernels.Kernels.Engines;
using FusionKernels.Kernels.Simd;

namespace FusionKernels.Kernels.Warping.SoftForms;

/// <summary>Soft alignments on an accelerator: values by the warping kernel with soft rules, in logarithms; derivatives by kernels of their own. On the engine's lane.</summary>
internal static unsafe class SoftAccelerator
{
    /// <summary>Computes a call's result, which lies in host memory.</summary>
    public static void Run<T>(AcceleratorEngine engine, in SoftCall<T> call)
        where T : unmanaged
    {
        if (call.Gradients is not null)
        {
            new SoftGradientDevice<T>(engine, call).Run();
            return;
        }

        SoftProblem problem = call.Problem;
        double[] centre = SoftSeries<T>.CentreOf(call.X);
        SeriesPack<T>[] x = [Scaled(call.X, centre, Math.Sqrt(VectorMath.Ln2 / problem.Unit))];
        SeriesPack<T>[] y = call.Y is null ? x : [Scaled(call.Y, centre, Math.Sqrt(VectorMath.Ln2 / problem.Unit))];
        WarpingProblem rule = new()
        {
            Recurrence = problem.Factor == SoftFactor.GlobalAlignment ? WarpingRecurrence.GlobalAlignment : WarpingRecurrence.Soft,
            A = 1,
            Window = problem.Window,
            SkipsMissing = problem.SkipsMissing,
        };
        bool isSymmetric = call.Y is null && problem.Window.IsSymmetric;
        WarpingPlan plan = new(rule, x[0].Lengths, y[0].Lengths, isSymmetric, x[0].Channels, sizeof(T));
        WarpingAccelerator.Distances(engine, new WarpingCall<T> { Plan = plan, X = x, Y = y, Result = call.Result, Settings = call.Settings });
        double[] ownX = call.Finish.IsCentred ? Own(engine, rule, x[0], call.Settings) : [];
        double[] ownY = !call.Finish.IsCentred || call.Y is null ? ownX : Own(engine, rule, y[0], call.Settings);
        for (int i = 0; i < x[0].Count; i++)
        {
            for (int j = 0; j < y[0].Count; j++)
            {
                T* cell = call.Result.Pointer + (i * call.Result.RowStride) + (j * call.Result.ColumnStride);
                bool isOwn = call.Finish.IsCentred && call.Y is null && i == j;
                double value = isOwn ? ownX[i] : Element.ToDouble(*cell) / VectorMath.Ln2;
                *cell = Element.Of<T>(call.Finish.IsCentred ? call.Finish.Apply(value, ownX[i], ownY[j]) : call.Finish.Apply(value, 0, 0));
            }
        }
    }

    /// <summary>Every series against itself, in units of ln 2.</summary>
    private static double[] Own<T>(AcceleratorEngine engine, WarpingProblem rule, SeriesPack<T> series, RunSettings settings)
        where T : unmanaged
    {
        double[] own = new double[series.Count];
        for (int i = 0; i < own.Length; i++)
        {
            SeriesPack<T> one = new([series.Lengths[i]], series.Channels);
            series[i].CopyTo(one[0]);
            own[i] = Element.ToDouble(WarpingAccelerator.Single(engine, rule, one, one, default, settings with { Progress = null })) / VectorMath.Ln2;
        }

        return own;
    }

    /// <summary>The series around a centre, times a scale.</summary>
    public static SeriesPack<T> Scaled<T>(SeriesPack<T> series, double[] centre, double scale)
        where T : unmanaged
    {
        SeriesPack<T> scaled = new(series.Lengths, series.Channels);
        for (int i = 0; i < series.Values.Length; i++)
        {
            scaled.Values[i] = Element.Of<T>((Element.ToDouble(series.Values[i]) - centre[i % series.Channels]) * scale);
        }

        return scaled;
    }
}
