using System.Numerics.Tensors;
using NUnit.Framework;

namespace FusionKernels.Tests.Docs;

/// <summary>The examples of docs/devices.md.</summary>
[TestFixture]
internal sealed class DeviceExamples : ExampleFixture
{
    [Test]
    public void WhatIsThere()
    {
        foreach (DeviceProbe probe in ComputeDevice.Probe())
        {
            Console.WriteLine(probe);    // "cuda: refused: no CUDA driver library (...)", or what the device is
        }

        Assert.That(ComputeDevice.List(), Is.Not.Empty);
    }

    [Test]
    public void OneDeviceForManyCalls()
    {
        using ComputeDevice device = ComputeDevice.Open("host");
        GramOptions options = new() { Device = device };
        Tensor<float> k = Gram.Compute(x, Kernel.Rbf(), options);
        Tensor<float> cross = Gram.Compute(newRows, x, Kernel.Rbf(), options);
        device.Trim();                   // gives pooled memory back to the driver

        Assert.That(cross.Lengths[1], Is.EqualTo(k.Lengths[0]));
    }

    [Test]
    public void DeviceThatIsNotThere()
    {
        try
        {
            using ComputeDevice device = ComputeDevice.Open("cuda:99");
        }
        catch (DeviceNotFoundException missing)
        {
            Console.WriteLine(missing.Message);    // no device 'cuda:99': and every device probed, with the reason it was refused
        }

        Assert.That(() => ComputeDevice.Open("cuda:99"), Throws.TypeOf<DeviceNotFoundException>().With.Message.StartsWith("no device 'cuda:99'"));
    }
}
