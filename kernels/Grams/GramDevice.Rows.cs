using FusionKernels.Kernels.Engines;
using FusionKernels.Kernels.Grams.Functions;
using FusionKernels.Kernels.Products;
using FusionKernels.Kernels.Simd;
using ILGPU;

namespace FusionKernels.Kernels.Grams;

/// <content>What the kernels read per row, and the checks of the input.</content>
internal sealed partial class GramDevice<T>
{
    /// <summary>Rows whose mean is the centre: any point among the data will do, so a sample is enough.</summary>
    private const int CentreSample = 256;

    private GramDeviceStatistic<T> Prepare(GramOp kernel)
    {
        GramDeviceStatistic<T> statistic = new()
        {
            Kernel = kernel,
            X = _x.Range(0, _x.Rows, kernel.First, kernel.Features),
            Y = _y.Range(0, _y.Rows, kernel.First, kernel.Features),
            Scale = T.One,
        };
        switch (statistic.Statistic)
        {
            case PairStatistic.Dot:
                statistic.HostRowValues = InverseNorms(statistic, "x", _problem.X, statistic.X);
                statistic.HostColumnValues = _problem.Plan.Symmetric ? statistic.HostRowValues : InverseNorms(statistic, "y", _problem.Y, statistic.Y);
                if (GramRange.IsNeeded(_program)) statistic.Norms = GramNorms.OfInverse<T>(statistic.HostRowValues, statistic.HostColumnValues);
                UploadValues(ref statistic);
                break;
            case PairStatistic.SquaredDistance when kernel.Features > GramPlan.DirectFeatures:
                statistic.Centre = Centre(statistic.X);
                statistic.HostRowValues = CentredNorms(ref statistic, "x", _problem.X, statistic.X);
                statistic.HostColumnValues = _problem.Plan.Symmetric ? statistic.HostRowValues : CentredNorms(ref statistic, "y", _problem.Y, statistic.Y);
                UploadValues(ref statistic);
                break;
            case PairStatistic.SineSquared:
                statistic.Centre = UploadVector(new T[kernel.Features]);
                statistic.Scale = Element.Of<T>(kernel.B);
                CheckFinite(statistic);
                CheckBounded(statistic, kernel.B);
                break;
            default:
                statistic.Direct = statistic.Statistic == PairStatistic.SquaredDistance;
                CheckFinite(statistic);
                if (statistic.Statistic == PairStatistic.ChiSquared) CheckHistograms(ref statistic);
                break;
        }

        return statistic;
    }

    /// <summary>Checks that no step of the program leaves the range of the type.</summary>
    private void CheckRange()
    {
        if (_problem.NonFinite == NonFiniteInput.Propagate || !GramRange.IsNeeded(_program)) return;
        GramRange.Check<T>(_program, [.. _statistics.Select(statistic => statistic.Norms)], _problem.Settings.Operation);
    }

    private void UploadValues(ref GramDeviceStatistic<T> statistic)
    {
        statistic.RowValues = UploadVector(statistic.HostRowValues!);
        statistic.ColumnValues = _problem.Plan.Symmetric ? statistic.RowValues : UploadVector(statistic.HostColumnValues!);
    }

    private ArrayView<T> UploadVector(T[] values)
    {
        AcceleratorBuffer<T> buffer = Own(_engine.Rent<T>(Math.Max(1, values.Length), _problem.Settings.Operation));
        _engine.Upload<T>(values, buffer, 0);
        return buffer.View;
    }

    /// <summary>The mean of up to 256 evenly spaced rows; features whose mean is not finite stay where they are.</summary>
    private ArrayView<T> Centre(in DeviceMatrix<T> x)
    {
        T[] centre = new T[x.Columns];
        if (x.Rows > 0)
        {
            DeviceMatrix<T> sample = x.EveryRow(Math.Max(1, x.Rows / CentreSample));
            using AcceleratorBuffer<T> means = _engine.Rent<T>(x.Columns, _problem.Settings.Operation);
            RowProductDevice.RowSums(_engine, sample.Transposed, Element.Of<T>(1.0 / sample.Rows), means.View, _problem.Settings);
            _engine.Download<T>(means, 0, centre);
            for (int k = 0; k < centre.Length; k++)
            {
                if (!T.IsFinite(centre[k])) centre[k] = T.Zero;
            }
        }

        return UploadVector(centre);
    }

    private T[] Norms(in DeviceMatrix<T> rows, ArrayView<T> centre) => Norms(rows, centre, T.One);

    private T[] Norms(in DeviceMatrix<T> rows, ArrayView<T> centre, T scale)
    {
        T[] norms = new T[rows.Rows];
        if (norms.Length == 0) return norms;
        using AcceleratorBuffer<T> onDevice = _engine.Rent<T>(norms.Length, _problem.Settings.Operation);
        RowProductDevice.SquaredNorms(_engine, rows, 1, 0, centre, scale, onDevice.View, _problem.Settings);
        _engine.Download<T>(onDevice, 0, norms);
        return norms;
    }

    /// <summary>Reciprocal norms of the rows as they are. A finite norm bounds every dot product, so that no sum overflows on its way.</summary>
    private T[] InverseNorms(in GramDeviceStatistic<T> statistic, string name, in Operand<T> operand, in DeviceMatrix<T> rows)
    {
        T[] values = Norms(rows, default);
        if (GramChecks.DividesByNorms(_program, statistic.Kernel)) RejectVanishing(name, operand, statistic.Kernel, values);
        for (int i = 0; i < values.Length; i++)
        {
            if (!T.IsFinite(values[i]) && _problem.NonFinite == NonFiniteInput.Reject)
            {
                RejectNonFinite(name, operand, statistic.Kernel);
                throw GramChecks.NormOverflow<T>(_problem.Settings.Operation, name, i);
            }

            values[i] = T.IsZero(values[i]) ? T.Zero : Element.Of<T>(1 / Math.Sqrt(Element.ToDouble(values[i])));
        }

        return values;
    }

    /// <summary>Squared norms around the centre; where one leaves the range of the type, distances are summed directly instead.</summary>
    private T[] CentredNorms(ref GramDeviceStatistic<T> statistic, string name, in Operand<T> operand, in DeviceMatrix<T> rows)
    {
        T[] values = Norms(rows, statistic.Centre);
        if (_problem.NonFinite == NonFiniteInput.Propagate || values.All(T.IsFinite)) return values;
        RejectNonFinite(name, operand, statistic.Kernel);
        statistic.Direct = true;
        return values;
    }

    private void CheckFinite(in GramDeviceStatistic<T> statistic)
    {
        if (_problem.NonFinite == NonFiniteInput.Propagate) return;
        if (!Norms(statistic.X, default).All(T.IsFinite)) RejectNonFinite("x", _problem.X, statistic.Kernel);
        if (!_problem.Plan.Symmetric && !Norms(statistic.Y, default).All(T.IsFinite)) RejectNonFinite("y", _problem.Y, statistic.Kernel);
    }

    /// <summary>Checks that features, times a factor, are at most half the range: row by row on the host where a squared norm is not finite, for it bounds them all.</summary>
    private void CheckBounded(in GramDeviceStatistic<T> statistic, double factor)
    {
        double limit = GramChecks.LargestFeature<T>(factor);
        if (_problem.NonFinite == NonFiniteInput.Propagate || limit >= Element.Largest<T>()) return;
        if (!Norms(statistic.X, statistic.Centre, statistic.Scale).All(T.IsFinite)) RejectBeyond("x", _problem.X, statistic.Kernel, limit);
        if (!_problem.Plan.Symmetric && !Norms(statistic.Y, statistic.Centre, statistic.Scale).All(T.IsFinite)) RejectBeyond("y", _problem.Y, statistic.Kernel, limit);
    }

    private void CheckHistograms(ref GramDeviceStatistic<T> statistic)
    {
        CheckNotNegative(statistic);
        CheckBounded(statistic, 1);
        if (!GramRange.ReadsHistograms(_program)) return;
        T[] norms = Norms(statistic.X, default);
        statistic.Norms = GramNorms.OfSquared<T>(norms, _problem.Plan.Symmetric ? norms : Norms(statistic.Y, default));
    }

    private void CheckNotNegative(in GramDeviceStatistic<T> statistic)
    {
        if (HasNegative(statistic.X)) RejectNegative("x", _problem.X, statistic.Kernel);
        if (!_problem.Plan.Symmetric && HasNegative(statistic.Y)) RejectNegative("y", _problem.Y, statistic.Kernel);
    }

    private bool HasNegative(in DeviceMatrix<T> rows)
    {
        if (rows.Rows == 0) return false;
        T[] sums = new T[rows.Rows];
        using AcceleratorBuffer<T> onDevice = _engine.Rent<T>(sums.Length, _problem.Settings.Operation);
        RowProductDevice.Negatives(_engine, rows, onDevice.View, _problem.Settings);
        _engine.Download<T>(onDevice, 0, sums);
        return sums.Any(sum => !T.IsZero(sum));
    }

    private void RejectNonFinite(string name, in Operand<T> operand, GramOp kernel) => OnHost(
        operand,
        input => GramChecks.Finite(name, GramRowsHost<Lanes1<T>, T>.FirstNonFinite(input.FromFeature(kernel.First), kernel.Features), kernel.First));

    private void RejectNegative(string name, in Operand<T> operand, GramOp kernel) => OnHost(
        operand,
        input => GramChecks.NotNegative(name, GramRowsHost<Lanes1<T>, T>.FirstNegative(input.FromFeature(kernel.First), kernel.Features), kernel.First));

    private void RejectBeyond(string name, in Operand<T> operand, GramOp kernel, double limit) => OnHost(
        operand,
        input => GramChecks.Bounded<T>(
            _problem.Settings.Operation, name, GramRowsHost<Lanes1<T>, T>.FirstBeyond(input.FromFeature(kernel.First), kernel.Features, limit), kernel));

    private void RejectVanishing(string name, in Operand<T> operand, GramOp kernel, T[] norms)
    {
        int small = Array.FindIndex(norms, Vanishes);
        if (small < 0) return;
        OnHost(operand, input =>
        {
            for (int i = small; i < norms.Length; i++)
            {
                if (Vanishes(norms[i]) && !GramRowsHost<Lanes1<T>, T>.IsZero(input.FromFeature(kernel.First), i, kernel.Features))
                {
                    throw GramChecks.NormUnderflow<T>(_problem.Settings.Operation, name, i);
                }
            }
        });

        static bool Vanishes(T norm) => Element.ToDouble(norm) < GramChecks.SmallestNorm<T>();
    }

    /// <summary>Looks at an operand's elements on the host, to find the one that is wrong: in place, or downloaded.</summary>
    private unsafe void OnHost(in Operand<T> operand, Action<GramInput<T>> look)
    {
        if (operand.Buffer is not { } buffer)
        {
            look(new(operand.Pointer, operand.Rows, operand.RowStride, operand.ColumnStride));
            return;
        }

        long last = ((operand.Rows - 1) * operand.RowStride) + ((operand.Columns - 1) * operand.ColumnStride);
        T[] memory = new T[last + 1];
        _engine.Download<T>(buffer, operand.Offset, memory);
        fixed (T* pinned = memory) look(new(pinned, operand.Rows, operand.RowStride, operand.ColumnStride));
    }
}
