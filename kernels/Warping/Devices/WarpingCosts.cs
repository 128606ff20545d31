using FusionKernels.Kernels.Simd;
using FusionKernels.Kernels.Warping.Costs;
using ILGPU;

namespace FusionKernels.Kernels.Warping.Devices;

/// <summary>Point costs that a kernel is told at the launch; for device code. The branches are the same for all threads.</summary>
internal static class WarpingCosts
{
    /// <summary>The costs of a sample of x with four of y.</summary>
    /// <param name="x">Memory of x, or the given costs.</param>
    /// <param name="y">Memory of y.</param>
    /// <param name="shape">Channels, strides and cost.</param>
    /// <param name="table">The pair.</param>
    /// <param name="part">The part.</param>
    /// <param name="row">The row.</param>
    /// <param name="first">The first column; those past the last stand for the last.</param>
    public static Quad<V> OfQuad<V, T>(ArrayView<T> x, ArrayView<T> y, WarpingShape shape, WarpingTable<T> table, int part, int row, int first)
        where V : unmanaged, IDeviceVector<V, T>
        where T : unmanaged
    {
        int last = table.Columns - 1;
        Quad<V> costs = default;
        if (shape.Cost == (int)DevicePointCost.Given)
        {
            long place = table.X + (row * shape.XStep);
            costs.X = V.Broadcast(x[place + (Least(first, last) * shape.YStep)]);
            costs.Y = V.Broadcast(x[place + (Least(first + 1, last) * shape.YStep)]);
            costs.Z = V.Broadcast(x[place + (Least(first + 2, last) * shape.YStep)]);
            costs.W = V.Broadcast(x[place + (Least(first + 3, last) * shape.YStep)]);
            return costs;
        }

        int halves = shape.Cost == (int)DevicePointCost.TwofoldEuclidean ? 2 : 1;
        int channels = shape.Channels / halves;
        long atX = table.X + (part * shape.XPart) + (row * shape.XStep);
        long atY = table.Y + (part * shape.YPart);
        long y0 = atY + (Least(first, last) * shape.YStep);
        long y1 = atY + (Least(first + 1, last) * shape.YStep);
        long y2 = atY + (Least(first + 2, last) * shape.YStep);
        long y3 = atY + (Least(first + 3, last) * shape.YStep);
        for (int half = 0; half < halves; half++)
        {
            Quad<V> sums = default;
            for (int c = half * channels; c < (half + 1) * channels; c++)
            {
                V sample = V.Broadcast(x[atX + c]);
                sums.X = Add<V, T>(shape, sums.X, sample, V.Broadcast(y[y0 + c]));
                sums.Y = Add<V, T>(shape, sums.Y, sample, V.Broadcast(y[y1 + c]));
                sums.Z = Add<V, T>(shape, sums.Z, sample, V.Broadcast(y[y2 + c]));
                sums.W = Add<V, T>(shape, sums.W, sample, V.Broadcast(y[y3 + c]));
            }

            costs.X += Finish<V, T>(shape.Cost, sums.X);
            costs.Y += Finish<V, T>(shape.Cost, sums.Y);
            costs.Z += Finish<V, T>(shape.Cost, sums.Z);
            costs.W += Finish<V, T>(shape.Cost, sums.W);
        }

        return costs;
    }

    /// <summary>The cost of one pair of samples.</summary>
    /// <inheritdoc cref="OfQuad{V, T}" path="/param"/>
    public static V OfCell<V, T>(ArrayView<T> x, ArrayView<T> y, WarpingShape shape, WarpingTable<T> table, int part, int row, int column)
        where V : unmanaged, IDeviceVector<V, T>
        where T : unmanaged
    {
        if (shape.Cost == (int)DevicePointCost.Given) return V.Broadcast(x[table.X + (row * shape.XStep) + (column * shape.YStep)]);
        int halves = shape.Cost == (int)DevicePointCost.TwofoldEuclidean ? 2 : 1;
        int channels = shape.Channels / halves;
        long atX = table.X + (part * shape.XPart) + (row * shape.XStep);
        long atY = table.Y + (part * shape.YPart) + (column * shape.YStep);
        V cost = default;
        for (int half = 0; half < halves; half++)
        {
            V sum = default;
            for (int c = half * channels; c < (half + 1) * channels; c++) sum = Add<V, T>(shape, sum, V.Broadcast(x[atX + c]), V.Broadcast(y[atY + c]));
            cost += Finish<V, T>(shape.Cost, sum);
        }

        return cost;
    }

    private static int Least(int left, int right) => left < right ? left : right;

    /// <summary>The sum with one more channel; as it was where the channel is missing and may be.</summary>
    private static V Add<V, T>(WarpingShape shape, V sum, V x, V y)
        where V : unmanaged, IDeviceVector<V, T>
        where T : unmanaged
    {
        V more = shape.Cost switch
        {
            (int)DevicePointCost.Absolute => AbsoluteCost<T>.Add(sum, x, y),
            (int)DevicePointCost.Cosine => CosineCost<T>.Add(sum, x, y),
            _ => SquaredCost<T>.Add(sum, x, y),
        };
        if (shape.SkipsMissing == 0) return more;

        // The bound lets NaN through and takes infinity, which is a sum like any other, away.
        V bounded = V.Min(V.Constant(V.IsDouble ? double.MaxValue : float.MaxValue), more);
        return V.SelectLess(bounded, V.Constant(double.PositiveInfinity), more, sum);
    }

    private static V Finish<V, T>(int cost, V sum)
        where V : unmanaged, IDeviceVector<V, T>
        where T : unmanaged => cost switch
        {
            (int)DevicePointCost.Euclidean or (int)DevicePointCost.TwofoldEuclidean => EuclideanCost<T>.Finish(sum),
            (int)DevicePointCost.Cosine => CosineCost<T>.Finish(sum),
            _ => sum,
        };
}
