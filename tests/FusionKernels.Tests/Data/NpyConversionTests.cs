using System.Numerics.Tensors;
using NUnit.Framework;

namespace FusionKernels.Tests.Data;

/// <summary>ReadAs keeps every value or says which it cannot.</summary>
internal sealed class NpyConversionTests
{
    [Test]
    public void Keeps_values_that_fit()
    {
        DataAssert.Holds(ReadAs<double, float>([0.1f, float.NaN, float.PositiveInfinity]), [3], (double)0.1f, double.NaN, double.PositiveInfinity);
        DataAssert.Holds(ReadAs<float, double>([0.5, double.NaN, double.NegativeInfinity]), [3], 0.5f, float.NaN, float.NegativeInfinity);
        DataAssert.Holds(ReadAs<float, int>([-5, 16_777_216, int.MinValue]), [3], -5f, 16_777_216f, -2_147_483_648f);
        DataAssert.Holds(ReadAs<long, int>([int.MinValue, int.MaxValue]), [2], (long)int.MinValue, (long)int.MaxValue);
        DataAssert.Holds(ReadAs<byte, double>([0, 255]), [2], (byte)0, (byte)255);
        DataAssert.Holds(ReadAs<float, bool>([true, false]), [2], 1f, 0f);
    }

    [Test]
    public void Names_the_first_value_that_does_not_fit()
    {
        Refused<float, double>([0.5, 0.1], "byte 136", "float32 holds exactly (ValueConversion.Round rounds)", "float64 0.1");
        Refused<float, double>([1e300], "byte 128", "float32 holds exactly", "1E+300");
        Refused<float, int>([1, 16_777_217], "byte 132", "float32 holds exactly", "int32 16777217");
        Refused<float, int>([int.MaxValue], "byte 128", "float32 holds exactly", "2147483647");
        Refused<double, long>([long.MaxValue], "byte 128", "float64 holds exactly", "9223372036854775807");
        Refused<long, double>([9_223_372_036_854_775_808.0], "byte 128", "int64 holds exactly", "9.22");
        Refused<int, double>([1, 1.5], "byte 136", "int32 holds exactly", "1.5");
        Refused<int, float>([float.NaN], "byte 128", "int32 holds exactly", "NaN");
        Refused<byte, int>([256], "byte 128", "uint8 holds exactly", "256");
        Refused<byte, int>([-1], "byte 128", "uint8 holds exactly", "-1");
    }

    [Test]
    public void Rounds_on_request_to_the_nearest_value()
    {
        DataAssert.Holds(ReadAs<float, double>([0.1, double.NaN, double.PositiveInfinity], ValueConversion.Round), [3], 0.1f, float.NaN, float.PositiveInfinity);
        DataAssert.Holds(ReadAs<float, int>([16_777_217, 16_777_219], ValueConversion.Round), [2], 16_777_216f, 16_777_220f);
        DataAssert.Holds(ReadAs<double, long>([long.MaxValue], ValueConversion.Round), [1], 9_223_372_036_854_775_808.0);
    }

    [Test]
    public void Never_rounds_a_finite_value_to_infinity() =>
        DataAssert.Malformed(() => ReadAs<float, double>([1, 1e39], ValueConversion.Round), "byte 136", "within the range of float32", "1E+39");

    [Test]
    public void Rounds_to_floating_point_only() =>
        Assert.Throws<ArgumentException>(() => ReadAs<int, double>([1], ValueConversion.Round));

    private static void Refused<T, TStored>(TStored[] values, string position, string expected, string found)
        where T : unmanaged, System.Numerics.INumber<T>
        where TStored : unmanaged => DataAssert.Malformed(() => ReadAs<T, TStored>(values), position, expected, found);

    private static Tensor<T> ReadAs<T, TStored>(TStored[] values, ValueConversion conversion = ValueConversion.Exact)
        where T : unmanaged, System.Numerics.INumber<T>
        where TStored : unmanaged
    {
        using var stream = new MemoryStream();
        Npy.Write<TStored>(stream, Tensor.Create(values).AsReadOnlyTensorSpan());
        stream.Position = 0;
        return Npy.ReadAs<T>(stream, conversion: conversion);
    }
}
