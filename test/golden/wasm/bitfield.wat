;; ubfx x3, x0, #4, #0xc
;; sbfx x4, x0, #8, #8
;; bfi x5, x0, #4, #4
;; lsr w6, w0, #5

func f0 (locals 4 i32, 5 i64)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  i32.const 0
  i64.load offset=0x100
  local.set 4
  i32.const 0
  i64.load offset=0x118
  local.set 5
  i32.const 0
  i64.load offset=0x120
  local.set 6
  i32.const 0
  i64.load offset=0x128
  local.set 7
  i32.const 0
  i64.load offset=0x130
  local.set 8
  block
    block
      local.get 0
      i32.const 5
      i32.lt_s
      if
        i32.const 0
        i64.const 34379923456
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 5
      i32.sub
      local.set 0
      block
        block
          local.get 4
          i64.const 48
          i64.shl
          i64.const 52
          i64.shr_u
          local.set 5
          local.get 4
          i64.const 48
          i64.shl
          i64.const 56
          i64.shr_s
          local.set 6
          local.get 7
          i64.const -241
          i64.and
          local.get 4
          i64.const 4
          i64.shl
          i64.const 240
          i64.and
          i64.or
          local.set 7
          local.get 4
          i32.wrap_i64
          i32.const 5
          i32.shr_u
          i64.extend_i32_u
          local.set 8
          i32.const 0
          local.get 5
          i64.store offset=0x118
          i32.const 0
          local.get 6
          i64.store offset=0x120
          i32.const 0
          local.get 7
          i64.store offset=0x128
          i32.const 0
          local.get 8
          i64.store offset=0x130
          i32.const 0
          i32.const -234881024
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379923472
          i64.store offset=0x410
          i32.const 0
          i32.const 3
          i32.store offset=0x42c
          i32.const -1
          local.set 1
          br 2
        end
      end
    end
    i32.const 0
    local.get 0
    i32.store offset=0x428
  end
  local.get 1
end
