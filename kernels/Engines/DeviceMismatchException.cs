namespace FusionKernels;

/// <summary>An operand lives on another device than the one that is to run the operation.</summary>
/// <param name="operation">The operation.</param>
/// <param name="device">The device that is to run it.</param>
/// <param name="operandDevice">The device that holds the operand.</param>
public sealed class DeviceMismatchException(string operation, string device, string operandDevice)
    : FusionKernelsException(
        $"{operation}: an operand lives on {operandDevice}, the operation runs on {device}; download it there or upload it to {device} first", operation, device)
{
    /// <summary>The device that holds the operand.</summary>
    public string OperandDevice { get; } = operandDevice;
}
