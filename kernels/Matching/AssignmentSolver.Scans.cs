using FusionKernels.Kernels.Simd;

namespace FusionKernels.Kernels.Matching;

/// <content>The row scans, which take all the time: one vector of columns at a time, places kept as numbers beside values.</content>
internal sealed unsafe partial class AssignmentSolver
{
    /// <summary>The widest vector.</summary>
    private const int MostLanes = 8;

    /// <summary>The two cheapest columns of a row by cost less dual, ties by column.</summary>
    private (double Least, int Column, double Second, int SecondColumn) TwoCheapest<V>(int row)
        where V : unmanaged, IHostVector<V, double>
    {
        double* costs = Costs(row), duals = Address(_columnDuals);
        V infinity = V.Constant(double.PositiveInfinity), step = V.Constant(V.Count), column = Places<V>();
        V least = infinity, leastAt = V.Constant(0), second = infinity, secondAt = V.Constant(0);
        for (int c = 0; c < _problem.Stride; c += V.Count)
        {
            V cost = V.Load(costs + c) - V.Load(duals + c);
            V laterAt = V.SelectLess(cost, second, column, secondAt), later = V.SelectLess(cost, second, cost, second);
            secondAt = V.SelectLess(cost, least, leastAt, laterAt);
            second = V.SelectLess(cost, least, least, later);
            leastAt = V.SelectLess(cost, least, column, leastAt);
            least = V.SelectLess(cost, least, cost, least);
            column += step;
        }

        double* lanes = stackalloc double[4 * MostLanes];
        V.Store(least, lanes);
        V.Store(leastAt, lanes + MostLanes);
        V.Store(second, lanes + (2 * MostLanes));
        V.Store(secondAt, lanes + (3 * MostLanes));
        int best = First(lanes, lanes + MostLanes, V.Count);
        (double Least, int Column) first = (lanes[best], (int)lanes[MostLanes + best]);

        // The lane of the cheapest offers its second now; the others their first.
        lanes[best] = lanes[(2 * MostLanes) + best];
        lanes[MostLanes + best] = lanes[(3 * MostLanes) + best];
        int next = First(lanes, lanes + MostLanes, V.Count);
        return (first.Least, first.Column, lanes[next], (int)lanes[MostLanes + next]);
    }

    /// <summary>Shortens the distances of all columns that are near through a row, and finds the nearest that is not settled: a free one if any is as near, else the first.</summary>
    private (double Distance, int Column) Relax<V>(int row, double offset)
        where V : unmanaged, IHostVector<V, double>
    {
        double* costs = Costs(row), duals = Address(_columnDuals), distances = Address(_distances), from = Address(_from), taken = Address(_taken);
        V infinity = V.Constant(double.PositiveInfinity), leastFinite = V.Constant(double.MinValue), start = V.Broadcast(offset), origin = V.Broadcast(row);
        V nearest = infinity, nearestAt = V.Constant(0), nearestFree = infinity, nearestFreeAt = V.Constant(0), column = Places<V>(), step = V.Constant(V.Count);
        for (int c = 0; c < _problem.Stride; c += V.Count)
        {
            V distance = V.Load(distances + c), through = V.Load(costs + c) - V.Load(duals + c) + start;
            V.Store(V.SelectLess(through, distance, origin, V.Load(from + c)), from + c);
            distance = V.SelectLess(through, distance, through, distance);
            V.Store(distance, distances + c);
            V open = V.SelectLess(distance, leastFinite, infinity, distance), free = open + V.Load(taken + c);
            nearestAt = V.SelectLess(open, nearest, column, nearestAt);
            nearest = V.SelectLess(open, nearest, open, nearest);
            nearestFreeAt = V.SelectLess(free, nearestFree, column, nearestFreeAt);
            nearestFree = V.SelectLess(free, nearestFree, free, nearestFree);
            column += step;
        }

        double* lanes = stackalloc double[4 * MostLanes];
        V.Store(nearest, lanes);
        V.Store(nearestAt, lanes + MostLanes);
        V.Store(nearestFree, lanes + (2 * MostLanes));
        V.Store(nearestFreeAt, lanes + (3 * MostLanes));
        int any = First(lanes, lanes + MostLanes, V.Count), unassigned = First(lanes + (2 * MostLanes), lanes + (3 * MostLanes), V.Count);
        return lanes[(2 * MostLanes) + unassigned] <= lanes[any]
            ? (lanes[(2 * MostLanes) + unassigned], (int)lanes[(3 * MostLanes) + unassigned])
            : (lanes[any], (int)lanes[MostLanes + any]);
    }

    /// <summary>The lane of the smallest value, equal ones by their place.</summary>
    private static int First(double* values, double* places, int lanes)
    {
        int best = 0;
        for (int lane = 1; lane < lanes; lane++)
        {
            if (values[lane] < values[best] || (values[lane] == values[best] && places[lane] < places[best])) best = lane;
        }

        return best;
    }

    private static V Places<V>()
        where V : unmanaged, IHostVector<V, double>
    {
        double* places = stackalloc double[MostLanes];
        for (int lane = 0; lane < MostLanes; lane++) places[lane] = lane;
        return V.Load(places);
    }
}
