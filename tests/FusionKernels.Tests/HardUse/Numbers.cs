using System.Collections;
using System.Numerics.Tensors;
using System.Reflection;

namespace FusionKernels.Tests.HardUse;

/// <summary>All numbers of a result, whatever its type, in an order that depends on the type alone.</summary>
internal static class Numbers
{
    /// <summary>Deeper than any result nests.</summary>
    private const int Deepest = 6;

    /// <summary>What a result says beside numbers, or at another time differently.</summary>
    private static readonly Type[] s_silent = [typeof(string), typeof(ComputeDevice), typeof(ExecutionReport), typeof(TimeSpan), typeof(Type), typeof(Kernel), typeof(Views), typeof(CancellationToken)];

    /// <summary>The numbers; a digest for objects of the library is made of their public properties.</summary>
    public static double[] Of(object? result)
    {
        List<double> numbers = [];
        Add(result, numbers, 0);
        return [.. numbers];
    }

    /// <summary>Whether two answers are the same to the last bit.</summary>
    public static bool AreSame(ReadOnlySpan<double> left, ReadOnlySpan<double> right) =>
        System.Runtime.InteropServices.MemoryMarshal.AsBytes(left).SequenceEqual(System.Runtime.InteropServices.MemoryMarshal.AsBytes(right));

    /// <summary>The largest difference, relative to the largest number; infinite where one is NaN, infinite or missing alone.</summary>
    public static double Difference(double[] left, double[] right)
    {
        if (left.Length != right.Length) return double.PositiveInfinity;
        double scale = Math.Max(1, right.Where(double.IsFinite).Select(Math.Abs).DefaultIfEmpty(0).Max()), worst = 0;
        for (int i = 0; i < left.Length; i++)
        {
            if (left[i].Equals(right[i])) continue;
            if (!double.IsFinite(left[i]) || !double.IsFinite(right[i])) return double.PositiveInfinity;
            worst = Math.Max(worst, Math.Abs(left[i] - right[i]) / scale);
        }

        return worst;
    }

    private static void Add(object? value, List<double> numbers, int depth)
    {
        switch (value)
        {
            case null: return;
            case float[] single: numbers.AddRange(single.Select(one => (double)one)); return;
            case double[] array: numbers.AddRange(array); return;
            case DeviceTensor<float> onDevice: Add(onDevice.Download(), numbers, depth); return;
            case Tensor<float> tensor: Add(Flat(tensor), numbers, depth); return;
            case Tensor<double> tensor: Add(Flat(tensor), numbers, depth); return;
            case SparseMatrix<float> sparse: Add(sparse.ToDense(), numbers, depth); return;
            case Enum choice: numbers.Add(Convert.ToDouble(choice, null)); return;
            case IConvertible number when value is not string: numbers.Add(number.ToDouble(null)); return;
        }

        Type type = value.GetType();
        if (depth > Deepest || value is Delegate || s_silent.Any(silent => silent.IsAssignableFrom(type))) return;
        if (value is IEnumerable many)
        {
            foreach (object? one in many) Add(one, numbers, depth + 1);
            return;
        }

        if (type.IsGenericType && type.FullName!.StartsWith("System.ValueTuple", StringComparison.Ordinal))
        {
            foreach (FieldInfo field in type.GetFields()) Add(field.GetValue(value), numbers, depth + 1);
            return;
        }

        if (type.Namespace?.StartsWith("FusionKernels", StringComparison.Ordinal) != true) return;
        foreach (PropertyInfo property in type.GetProperties(BindingFlags.Instance | BindingFlags.Public).OrderBy(one => one.Name, StringComparer.Ordinal))
        {
            if (property.GetIndexParameters().Length == 0 && !property.PropertyType.IsByRefLike && !s_silent.Contains(property.PropertyType)) Add(property.GetValue(value), numbers, depth + 1);
        }
    }

    private static T[] Flat<T>(Tensor<T> tensor)
    {
        T[] values = new T[tensor.FlattenedLength];
        tensor.FlattenTo(values);
        return values;
    }
}
